"""The closed vocabulary of layers: every class that a name in a file may stand for."""

from typing import Any

from pellucid import activations
from pellucid.layers import (
    attention,
    audio,
    convolution,
    image,
    nesting,
    pooling,
    recurrent,
    sequence,
)
from pellucid.layers.activation import Activation
from pellucid.layers.activity_regularization import ActivityRegularization
from pellucid.layers.alpha_dropout import AlphaDropout
from pellucid.layers.arithmetic import Arithmetic
from pellucid.layers.bag_of_words import BagOfWords
from pellucid.layers.base import Layer
from pellucid.layers.batch_normalization import BatchNormalization
from pellucid.layers.category_encoding import CategoryEncoding
from pellucid.layers.dense import Dense
from pellucid.layers.discretization import Discretization
from pellucid.layers.dropout import Dropout
from pellucid.layers.elu import ELU
from pellucid.layers.flatten import Flatten
from pellucid.layers.gaussian_dropout import GaussianDropout
from pellucid.layers.gaussian_noise import GaussianNoise
from pellucid.layers.group_normalization import GroupNormalization
from pellucid.layers.identity import Identity
from pellucid.layers.input import InputLayer
from pellucid.layers.integer_lookup import IntegerLookup
from pellucid.layers.lambda_layer import Lambda
from pellucid.layers.layer_normalization import LayerNormalization
from pellucid.layers.leaky_relu import LeakyReLU
from pellucid.layers.merge_concatenate import Concatenate
from pellucid.layers.merge_dot import Dot
from pellucid.layers.merge_elementwise import Add, Average, Maximum, Minimum, Multiply, Subtract
from pellucid.layers.normalization import Normalization
from pellucid.layers.permute import Permute
from pellucid.layers.prelu import PReLU
from pellucid.layers.relu import ReLU
from pellucid.layers.repeat_vector import RepeatVector
from pellucid.layers.rescaling import Rescaling
from pellucid.layers.reshape import Reshape
from pellucid.layers.rms_normalization import RMSNormalization
from pellucid.layers.slice import Slice
from pellucid.layers.softmax import Softmax
from pellucid.layers.string_lookup import StringLookup
from pellucid.layers.subword_vectorization import SubwordVectorization
from pellucid.layers.text_vectorization import TextVectorization
from pellucid.layers.unit_normalization import UnitNormalization
from pellucid.vocabulary import Vocabulary

CLASSES: tuple[type[Layer], ...] = (
    Activation,
    ActivityRegularization,
    Add,
    AlphaDropout,
    Arithmetic,
    Average,
    BagOfWords,
    BatchNormalization,
    CategoryEncoding,
    Concatenate,
    Dense,
    Discretization,
    Dot,
    Dropout,
    ELU,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    GroupNormalization,
    Identity,
    InputLayer,
    IntegerLookup,
    Lambda,
    LayerNormalization,
    LeakyReLU,
    Maximum,
    Minimum,
    Multiply,
    Normalization,
    PReLU,
    Permute,
    RMSNormalization,
    ReLU,
    RepeatVector,
    Rescaling,
    Reshape,
    Slice,
    Softmax,
    StringLookup,
    Subtract,
    SubwordVectorization,
    TextVectorization,
    UnitNormalization,
    *attention.CLASSES,
    *audio.CLASSES,
    *convolution.CLASSES,
    *image.CLASSES,
    *pooling.CLASSES,
    *recurrent.CLASSES,
    *sequence.CLASSES,
)

LAYERS = Vocabulary("layer", {cls.__name__: cls for cls in CLASSES})

activations.make_layers_with(LAYERS.from_config)
nesting.make_layers_with(LAYERS.from_config)


def get(identifier: Any) -> Any:
    """Return the layer meant by a name, class, configuration or object.

    Example:
        >>> import pellucid
        >>> pellucid.layers.get("flatten")
        Flatten()
    """
    return LAYERS.get(identifier)
