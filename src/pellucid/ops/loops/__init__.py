"""Recurrent cells, one step at a time and over whole sequences.

- simple:  h' = f(x W + h U + b)                                   Elman 1990
- LSTM:    gates i, f, o and candidate g; c' = f c + i g; h' = o tanh(c')
                                      Hochreiter & Schmidhuber 1997, Gers et al. 2000
- GRU:     gates z, r and candidate g; h' = z h + (1 - z) g         Cho et al. 2014

`cells` has the steps as textbooks write them, `scan` the loop over any cell, `loop` a faster one
for cells that know their own derivatives, which `simple_rnn`, `lstm` and `gru` are about.
"""

from pellucid.ops.loops.cells import gru_step as gru_step
from pellucid.ops.loops.cells import lstm_step as lstm_step
from pellucid.ops.loops.cells import simple_rnn_step as simple_rnn_step
from pellucid.ops.loops.gru import run_gru as run_gru
from pellucid.ops.loops.lstm import run_lstm as run_lstm
from pellucid.ops.loops.scan import scan_cell as scan_cell
from pellucid.ops.loops.simple_rnn import run_simple_rnn as run_simple_rnn
