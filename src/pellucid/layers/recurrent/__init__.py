"""Recurrence: cells, the loop over time around them, and what wraps it."""

from pellucid.layers.base import Layer
from pellucid.layers.recurrent.bidirectional import Bidirectional
from pellucid.layers.recurrent.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM3D
from pellucid.layers.recurrent.gru import GRU
from pellucid.layers.recurrent.gru_cell import GRUCell
from pellucid.layers.recurrent.lstm import LSTM
from pellucid.layers.recurrent.lstm_cell import LSTMCell
from pellucid.layers.recurrent.rnn import RNN
from pellucid.layers.recurrent.simple_rnn import SimpleRNN
from pellucid.layers.recurrent.simple_rnn_cell import SimpleRNNCell
from pellucid.layers.recurrent.stacked_rnn_cells import StackedRNNCells
from pellucid.layers.recurrent.time_distributed import TimeDistributed

CLASSES: tuple[type[Layer], ...] = (
    Bidirectional,
    ConvLSTM1D,
    ConvLSTM2D,
    ConvLSTM3D,
    GRU,
    GRUCell,
    LSTM,
    LSTMCell,
    RNN,
    SimpleRNN,
    SimpleRNNCell,
    StackedRNNCells,
    TimeDistributed,
)
"""What the catalogue of layers takes from here."""
