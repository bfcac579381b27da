"""One table of layers with example configurations; the laws, parity and files run over it."""

import jax.numpy as jnp
import numpy as np

from layers import (
    examples_attention,
    examples_convolution,
    examples_image,
    examples_pooling,
    examples_recurrent,
    examples_sequence,
)
from layers.example import PENALISED, TERMS, Example

NUMBERS = np.linspace(-2, 3, 40).reshape(10, 4)

STEPS, THREE = [(3, 2)] * 2, [(3, 2)] * 3
MASKS = ([[1, 1, 0], [0, 0, 1], [1, 1, 1]], [[1, 0, 0], [0, 1, 1], [1, 1, 0]])
"""Masks of two inputs: steps that are real in both, in one, and in neither."""

SOME = [[1, 1, 0, 1], [0, 0, 1, 0], [0, 1, 1, 1]]
"""A mask of four values, in each row of some, that leaves out at least one."""

EXAMPLES: tuple[Example, ...] = (
    Example("Activation", {"activation": "relu"}),
    Example("Activation", {"activation": "gelu"}, (3, 2)),
    Example("Activation", {"activation": "softmax"}),
    Example("Activation", {"activation": "glu"}),
    Example("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, (3, 2)),
    Example("Add", {}, [(4,), (4,), (4,)]),
    Example("Add", {}, [(3, 1), (2,)]),
    Example("Add", {}, STEPS, mask=MASKS),
    Example("AlphaDropout", {"rate": 0.3}, random=True),
    Example("Arithmetic", {"operation": "subtract", "number": 2.0, "number_first": True}, [(4,)]),
    Example("Arithmetic", {"operation": "multiply", "number": [1.0, 2.0]}, [(3, 2)]),
    Example("Arithmetic", {"operation": "divide"}, [(4,), (4,)]),
    Example("Average", {}, [(4,), (4,)]),
    Example("Average", {}, STEPS, mask=MASKS),
    Example("BatchNormalization", {}),
    Example("BatchNormalization", {"axis": 1, "momentum": 0.7, "epsilon": 0.1}, (3, 4)),
    Example("BatchNormalization", {"scale": False, "beta_regularizer": "l2"}, (2, 3, 2)),
    Example("BatchNormalization", {"center": False, "trainable": False}),
    Example("CategoryEncoding", {"num_tokens": 4}, (3,), "whole", smooth=False),
    Example(
        "CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, (3,), "whole", smooth=False
    ),
    Example(
        "CategoryEncoding", {"num_tokens": 4, "output_mode": "count"}, (3,), "whole", smooth=False
    ),
    Example("Concatenate", {}, [(4,), (2,)]),
    Example("Concatenate", {"axis": 1}, [(2, 3), (1, 3), (2, 3)]),
    Example("Concatenate", {}, STEPS, mask=MASKS),
    Example("Dense", {"units": 3}),
    Example("Dense", {"units": 3, "activation": "tanh", "use_bias": False}, (2, 4)),
    Example("Dense", {"units": 2, "activation": "relu", **PENALISED}),
    Example("Dense", {"units": 4, "activation": "glu"}, keras=None),
    Example("Discretization", {"bin_boundaries": [-0.5, 0.0, 0.5]}, smooth=False),
    Example(
        "Discretization",
        {"num_bins": 4, "output_mode": "one_hot"},
        adapt_to=NUMBERS,
        smooth=False,
    ),
    Example(
        "Discretization", {"bin_boundaries": [0.0], "output_mode": "count"}, (4,), smooth=False
    ),
    Example("Dot", {"axes": 1}, [(4,), (4,)]),
    Example("Dot", {"axes": (2, 1), "normalize": True}, [(2, 4), (4, 3)]),
    Example("Dot", {"axes": -1}, [(2, 4), (4,)]),
    Example("Dot", {"axes": 2}, STEPS, mask=MASKS),
    Example("Dropout", {"rate": 0.4}, random=True),
    Example("Dropout", {"rate": 0.4, "noise_shape": (None, 1, 2), "seed": 3}, (3, 2), random=True),
    Example("ELU", {"alpha": 0.7}),
    Example("Flatten", {}, (2, 3)),
    Example("Flatten", {"data_format": "channels_first"}, (2, 3, 2)),
    Example("Flatten", {}, ()),
    Example("GaussianDropout", {"rate": 0.4}, random=True),
    Example("GaussianNoise", {"stddev": 0.4, "seed": 1}, random=True),
    Example("GroupNormalization", {"groups": 2}),
    Example("GroupNormalization", {"groups": -1, "axis": 1}, (2, 3)),
    Example("Identity", {}, (2, 3)),
    Example("InputLayer", {"shape": (4,)}, smooth=False, keras=None),
    Example("IntegerLookup", {"vocabulary": [0, 2, 3]}, (3,), "whole", smooth=False),
    Example(
        "IntegerLookup",
        {"output_mode": "tf_idf", "num_oov_indices": 2},
        (3,),
        "whole",
        adapt_to=np.array([[0, 1, 1], [1, 3, 3]]),
        smooth=False,
    ),
    Example(
        "IntegerLookup",
        {"vocabulary": [0, 2, 3, 1], "num_oov_indices": 0},
        (3,),
        "whole",
        smooth=False,
    ),
    Example(
        "IntegerLookup",
        {"vocabulary": [10, 20, 30], "invert": True, "mask_token": 0},
        (3,),
        "whole",
        smooth=False,
    ),
    Example("Lambda", {"function": "tanh"}, [(4,)], keras=None),
    Example("Lambda", {"function": jnp.sin}, [(2, 3)], saveable=False),
    Example("LayerNormalization", {}),
    Example("LayerNormalization", {"axis": [1, 2], "epsilon": 0.1}, (3, 2)),
    Example("LayerNormalization", {"center": False, "gamma_regularizer": "l1"}, (3, 2)),
    Example("LeakyReLU", {"negative_slope": 0.2}),
    Example("Maximum", {}, [(4,), (4,), (4,)]),
    Example("Maximum", {}, STEPS, mask=MASKS),
    Example("Maximum", {}, THREE, mask=(None, *MASKS)),
    Example("Maximum", {}, THREE, mask=(*MASKS, MASKS[0])),
    Example("Minimum", {}, [(4,), (4,)]),
    Example("Minimum", {}, STEPS, mask=MASKS),
    Example("Minimum", {}, THREE, mask=(MASKS[0], None, MASKS[1])),
    Example("Multiply", {}, [(4,), (4,), (1,)]),
    Example("Multiply", {}, STEPS, mask=MASKS),
    Example("Multiply", {}, STEPS, mask=(None, MASKS[1])),
    Example("Multiply", {}, [(3, 2), (3, 1)], mask=MASKS),
    Example("Normalization", {}, adapt_to=NUMBERS),
    Example("Normalization", {"axis": None, "mean": 1.5, "variance": 4.0}, (2, 3)),
    Example(
        "Normalization", {"axis": 1, "mean": [1.5, 0], "variance": [4, 2], "invert": True}, (2, 3)
    ),
    Example("PReLU", {"alpha_initializer": "random_normal"}),
    Example("PReLU", {"shared_axes": [1], "alpha_regularizer": "l2"}, (3, 2)),
    Example("Permute", {"dims": (2, 1)}, (3, 2)),
    Example("RMSNormalization", {}),
    Example("ReLU", {}),
    Example("ReLU", {"max_value": 1.01, "negative_slope": 0.1, "threshold": 0.3}),
    Example("RepeatVector", {"n": 3}),
    Example("Rescaling", {"scale": 0.5, "offset": [1.0, 2.0]}, (3, 2)),
    Example("Reshape", {"target_shape": (2, -1)}, (4, 3)),
    Example("Slice", {"parts": [-1]}, (3, 2), keras=None),
    Example("Slice", {"parts": [[None, -1, 2], None, 1]}, (3, 2), keras=None),
    Example("Softmax", {}),
    Example("Softmax", {}, mask=SOME),
    Example("Softmax", {"axis": (1, 2)}, (3, 2)),
    Example("Softmax", {"axis": 1}, (4, 2), mask=[[[one, 1 - one] for one in row] for row in SOME]),
    Example("StringLookup", {"vocabulary": TERMS}, (3,), "text", smooth=False),
    Example(
        "StringLookup",
        {"output_mode": "multi_hot", "num_oov_indices": 2},
        (3,),
        "text",
        adapt_to=TERMS,
        smooth=False,
    ),
    Example(
        "StringLookup",
        {"output_mode": "one_hot", "mask_token": "cat", "max_tokens": 8, "pad_to_max_tokens": True},
        (1,),
        "text",
        adapt_to=TERMS,
        smooth=False,
    ),
    Example("Subtract", {}, [(4,), (4,)]),
    Example("Subtract", {}, STEPS, mask=MASKS),
    Example(
        "TextVectorization",
        {"output_sequence_length": 2, "ngrams": 2},
        (1,),
        "text",
        adapt_to=TERMS,
        smooth=False,
    ),
    Example(
        "TextVectorization",
        {"output_mode": "tf_idf", "split": "character", "standardize": None, "max_tokens": 9},
        (1,),
        "text",
        adapt_to=TERMS,
        smooth=False,
    ),
    Example("UnitNormalization", {}),
    Example("UnitNormalization", {"axis": [1, 2]}, (3, 2)),
    *examples_attention.EXAMPLES,
    *examples_convolution.EXAMPLES,
    *examples_image.EXAMPLES,
    *examples_pooling.EXAMPLES,
    *examples_recurrent.EXAMPLES,
    *examples_sequence.EXAMPLES,
)
"""Every layer at least once; a test sees to it."""
