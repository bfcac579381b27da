"""Examples of the layers of `pellucid.layers.recurrent`."""

from layers.example import PENALISED, Example, Inner

RECURRENT_PENALISED = {
    **PENALISED,
    "recurrent_regularizer": "l1",
    "recurrent_constraint": "unit_norm",
    "bias_constraint": "non_neg",
}
CELL_PENALISED = {
    name: value for name, value in RECURRENT_PENALISED.items() if "activity" not in name
}
STARTS = {
    "kernel_initializer": "he_normal",
    "recurrent_initializer": "glorot_uniform",
    "bias_initializer": "ones",
}
DROPPING = {"dropout": 0.3, "recurrent_dropout": 0.4, "seed": 3}
EVERYTHING = {"return_sequences": True, "return_state": True}

RIGHT = [[1, 1, 1], [1, 1, 0], [1, 0, 0]]
LEFT = [[1, 1, 1], [0, 1, 1], [0, 0, 1]]
GAPS = [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
"""Masks of three steps: padding behind, padding before, gaps and a row of padding alone."""

SHAPE, STEP, STATE = (3, 2), (2,), (2,)

LSTM_CELL = Inner("LSTMCell", {"units": 2})
GRU_CELL = Inner("GRUCell", {"units": 2})

LSTM_ALL = Inner("LSTM", {"units": 2, "return_sequences": True})
SIMPLE_ALL = Inner("SimpleRNN", {"units": 2, "return_sequences": True})
STACK_ALL = Inner("RNN", {"cell": [LSTM_CELL, GRU_CELL], "return_sequences": True})
GRU_STATES = Inner("GRU", {"units": 2, **EVERYTHING})
GRU_BACK = Inner("GRU", {"units": 2, "go_backwards": True})

EXAMPLES: tuple[Example, ...] = (
    Example("Bidirectional", {"layer": Inner("LSTM", {"units": 2})}, SHAPE, mask=GAPS),
    Example("Bidirectional", {"layer": LSTM_ALL, "merge_mode": "sum"}, SHAPE, mask=GAPS),
    Example("Bidirectional", {"layer": LSTM_ALL, "merge_mode": "mul"}, SHAPE, mask=GAPS),
    Example(
        "Bidirectional",
        {"layer": Inner("GRU", {"units": 2}), "merge_mode": "ave", "backward_layer": GRU_BACK},
        SHAPE,
    ),
    Example("Bidirectional", {"layer": SIMPLE_ALL, "merge_mode": "ave"}, SHAPE, mask=GAPS),
    Example("Bidirectional", {"layer": STACK_ALL}, SHAPE, mask=GAPS),
    Example("Bidirectional", {"layer": GRU_STATES, "merge_mode": None}, SHAPE, mask=GAPS),
    Example("Bidirectional", {"layer": GRU_STATES}, [SHAPE, STATE, STATE], mask=RIGHT),
    Example(
        "Bidirectional",
        {"layer": Inner("LSTM", {"units": 2, **RECURRENT_PENALISED, **DROPPING})},
        SHAPE,
        random=True,
    ),
    Example("ConvLSTM1D", {"filters": 2, "kernel_size": 2}, (3, 3, 1)),
    # Keras 3.15 fails where this layer has a mask.
    Example("ConvLSTM1D", {"filters": 2, "kernel_size": 2}, (3, 3, 1), mask=GAPS, keras=None),
    Example(
        "ConvLSTM1D",
        {"filters": 1, "kernel_size": 2, "data_format": "channels_first", **EVERYTHING},
        (2, 1, 4),
    ),
    Example(
        "ConvLSTM2D",
        {"filters": 1, "kernel_size": 2, "strides": 2, "padding": "same", **EVERYTHING},
        [(2, 3, 3, 1), (2, 2, 1), (2, 2, 1)],
    ),
    Example(
        "ConvLSTM2D",
        {
            "filters": 1,
            "kernel_size": (1, 2),
            "dilation_rate": (1, 2),
            "unit_forget_bias": False,
            "go_backwards": True,
            "return_sequences": True,
            **RECURRENT_PENALISED,
        },
        (2, 2, 3, 1),
    ),
    Example("ConvLSTM2D", {"filters": 1, "kernel_size": 2, **DROPPING}, (2, 2, 2, 1), random=True),
    Example("ConvLSTM3D", {"filters": 1, "kernel_size": 2, "use_bias": False}, (2, 2, 2, 2, 1)),
    Example("GRU", {"units": 2}, SHAPE),
    Example("GRU", {"units": 2, "reset_after": False, **EVERYTHING}, SHAPE, mask=RIGHT),
    Example(
        "GRU",
        {"units": 2, "reset_after": False, "use_bias": False, "go_backwards": True, **EVERYTHING},
        [SHAPE, STATE],
        mask=GAPS,
    ),
    Example("GRU", {"units": 2, "use_bias": False, "zero_output_for_mask": True}, SHAPE, mask=LEFT),
    Example("GRU", {"units": 2, **RECURRENT_PENALISED, **EVERYTHING}, SHAPE),
    Example("GRU", {"units": 2, **DROPPING}, SHAPE, random=True),
    Example("GRUCell", {"units": 2, **CELL_PENALISED}, [STEP, STATE]),
    Example("GRUCell", {"units": 2, "reset_after": False, **DROPPING}, [STEP, STATE], random=True),
    Example("LSTM", {"units": 2}, SHAPE),
    Example("LSTM", {"units": 2, "unit_forget_bias": False, **STARTS}, SHAPE, mask=RIGHT),
    Example("LSTM", {"units": 2, "go_backwards": True, **EVERYTHING}, SHAPE, mask=LEFT),
    Example("LSTM", {"units": 2, **EVERYTHING}, [SHAPE, STATE, STATE], mask=GAPS),
    Example(
        "LSTM",
        {"units": 2, "zero_output_for_mask": True, "return_sequences": True, "use_bias": False},
        SHAPE,
        mask=GAPS,
    ),
    Example(
        "LSTM",
        {"units": 2, "activation": None, "recurrent_activation": "tanh", "unroll": True},
        SHAPE,
    ),
    Example("LSTM", {"units": 2, **RECURRENT_PENALISED, **EVERYTHING}, SHAPE),
    Example("LSTM", {"units": 2, "use_cudnn": False, **DROPPING}, SHAPE, random=True),
    Example("LSTM", {"units": 2, "dropout": 0.3}, SHAPE, mask=LEFT, random=True),
    Example("LSTMCell", {"units": 2, **CELL_PENALISED}, [STEP, STATE, STATE]),
    Example(
        "LSTMCell",
        {"units": 2, "unit_forget_bias": False, **DROPPING},
        [STEP, STATE, STATE],
        random=True,
    ),
    Example("RNN", {"cell": LSTM_CELL, **EVERYTHING}, SHAPE, mask=GAPS),
    Example("RNN", {"cell": [LSTM_CELL, GRU_CELL], "activity_regularizer": "l2"}, SHAPE),
    Example(
        "RNN",
        {"cell": [GRU_CELL, LSTM_CELL], "go_backwards": True, **EVERYTHING},
        SHAPE,
        mask=GAPS,
    ),
    Example(
        "RNN",
        {"cell": [LSTM_CELL, GRU_CELL], "return_sequences": True, "zero_output_for_mask": True},
        SHAPE,
        mask=GAPS,
    ),
    Example(
        "RNN",
        {"cell": Inner("SimpleRNNCell", {"units": 2, **DROPPING}), "zero_output_for_mask": True},
        [SHAPE, STATE],
        mask=LEFT,
        random=True,
    ),
    Example("SimpleRNN", {"units": 2}, SHAPE),
    Example("SimpleRNN", {"units": 2, "activation": "relu", **EVERYTHING}, SHAPE, mask=LEFT),
    Example(
        "SimpleRNN",
        {"units": 2, "use_bias": False, "go_backwards": True, **EVERYTHING},
        [SHAPE, STATE],
        mask=GAPS,
    ),
    # Keras 3.15 takes an activity_regularizer for this layer and forgets it.
    Example("SimpleRNN", {"units": 2, **CELL_PENALISED}, SHAPE),
    Example("SimpleRNN", {"units": 2, "activity_regularizer": "l2"}, SHAPE, keras=None),
    Example("SimpleRNN", {"units": 2, **DROPPING}, SHAPE, random=True),
    Example("SimpleRNNCell", {"units": 2, **CELL_PENALISED}, [STEP, STATE]),
    Example("SimpleRNNCell", {"units": 2, **DROPPING}, [STEP, STATE], random=True),
    Example("StackedRNNCells", {"cells": [LSTM_CELL, GRU_CELL]}, [STEP, STATE, STATE, STATE]),
    Example(
        "StackedRNNCells",
        {"cells": [Inner("GRUCell", {"units": 2, **DROPPING}), GRU_CELL]},
        [STEP, STATE, STATE],
        random=True,
    ),
    Example("TimeDistributed", {"layer": Inner("Dense", {"units": 2})}, SHAPE, mask=RIGHT),
    Example("TimeDistributed", {"layer": Inner("LSTM", {"units": 2})}, (3, 2, 2)),
    Example("TimeDistributed", {"layer": Inner("Dropout", {"rate": 0.4})}, SHAPE, random=True),
    # Keras normalises step after step, and takes no penalty from the layer within.
    Example("TimeDistributed", {"layer": Inner("BatchNormalization")}, SHAPE, keras=None),
    Example(
        "TimeDistributed", {"layer": Inner("Dense", {"units": 2, **PENALISED})}, SHAPE, keras=None
    ),
)
