"""Layers: frozen descriptions of what a network computes."""

from typing import Any

from pellucid.errors import near
from pellucid.imports import answer_imports
from pellucid.layers.activation import Activation as Activation
from pellucid.layers.activity_regularization import ActivityRegularization as ActivityRegularization
from pellucid.layers.alpha_dropout import AlphaDropout as AlphaDropout
from pellucid.layers.arithmetic import Arithmetic as Arithmetic
from pellucid.layers.attention.additive_attention import AdditiveAttention as AdditiveAttention
from pellucid.layers.attention.attention import Attention as Attention
from pellucid.layers.attention.group_query_attention import (
    GroupQueryAttention as GroupQueryAttention,
)
from pellucid.layers.attention.multi_head_attention import MultiHeadAttention as MultiHeadAttention
from pellucid.layers.attention.position_embedding import PositionEmbedding as PositionEmbedding
from pellucid.layers.attention.sine_position_encoding import (
    SinePositionEncoding as SinePositionEncoding,
)
from pellucid.layers.audio.filter_augment import FilterAugment as FilterAugment
from pellucid.layers.audio.mel_spectrogram import MelSpectrogram as MelSpectrogram
from pellucid.layers.audio.mfcc import MFCC as MFCC
from pellucid.layers.audio.random_noise import RandomNoise as RandomNoise
from pellucid.layers.audio.random_speed import RandomSpeed as RandomSpeed
from pellucid.layers.audio.spec_augment import SpecAugment as SpecAugment
from pellucid.layers.audio.spectrogram_normalization import (
    SpectrogramNormalization as SpectrogramNormalization,
)
from pellucid.layers.audio.stft_spectrogram import STFTSpectrogram as STFTSpectrogram
from pellucid.layers.bag_of_words import BagOfWords as BagOfWords
from pellucid.layers.base import Layer as Layer
from pellucid.layers.batch_normalization import BatchNormalization as BatchNormalization
from pellucid.layers.catalogue import LAYERS as LAYERS
from pellucid.layers.catalogue import get as get
from pellucid.layers.category_encoding import CategoryEncoding as CategoryEncoding
from pellucid.layers.context import Context as Context
from pellucid.layers.context import Result as Result
from pellucid.layers.convolution.conv import Conv1D as Conv1D
from pellucid.layers.convolution.conv import Conv2D as Conv2D
from pellucid.layers.convolution.conv import Conv3D as Conv3D
from pellucid.layers.convolution.conv_transpose import Conv1DTranspose as Conv1DTranspose
from pellucid.layers.convolution.conv_transpose import Conv2DTranspose as Conv2DTranspose
from pellucid.layers.convolution.conv_transpose import Conv3DTranspose as Conv3DTranspose
from pellucid.layers.convolution.depthwise_conv import DepthwiseConv1D as DepthwiseConv1D
from pellucid.layers.convolution.depthwise_conv import DepthwiseConv2D as DepthwiseConv2D
from pellucid.layers.convolution.separable_conv import SeparableConv1D as SeparableConv1D
from pellucid.layers.convolution.separable_conv import SeparableConv2D as SeparableConv2D
from pellucid.layers.dense import Dense as Dense
from pellucid.layers.discretization import Discretization as Discretization
from pellucid.layers.dropout import Dropout as Dropout
from pellucid.layers.elu import ELU as ELU
from pellucid.layers.flatten import Flatten as Flatten
from pellucid.layers.gaussian_dropout import GaussianDropout as GaussianDropout
from pellucid.layers.gaussian_noise import GaussianNoise as GaussianNoise
from pellucid.layers.group_normalization import GroupNormalization as GroupNormalization
from pellucid.layers.identity import Identity as Identity
from pellucid.layers.image.center_crop import CenterCrop as CenterCrop
from pellucid.layers.image.cropping import Cropping1D as Cropping1D
from pellucid.layers.image.cropping import Cropping2D as Cropping2D
from pellucid.layers.image.cropping import Cropping3D as Cropping3D
from pellucid.layers.image.random_brightness import RandomBrightness as RandomBrightness
from pellucid.layers.image.random_contrast import RandomContrast as RandomContrast
from pellucid.layers.image.random_crop import RandomCrop as RandomCrop
from pellucid.layers.image.random_flip import RandomFlip as RandomFlip
from pellucid.layers.image.random_rotation import RandomRotation as RandomRotation
from pellucid.layers.image.random_translation import RandomTranslation as RandomTranslation
from pellucid.layers.image.random_zoom import RandomZoom as RandomZoom
from pellucid.layers.image.resizing import Resizing as Resizing
from pellucid.layers.image.spatial_dropout import SpatialDropout1D as SpatialDropout1D
from pellucid.layers.image.spatial_dropout import SpatialDropout2D as SpatialDropout2D
from pellucid.layers.image.spatial_dropout import SpatialDropout3D as SpatialDropout3D
from pellucid.layers.image.up_sampling import UpSampling1D as UpSampling1D
from pellucid.layers.image.up_sampling import UpSampling2D as UpSampling2D
from pellucid.layers.image.up_sampling import UpSampling3D as UpSampling3D
from pellucid.layers.image.zero_padding import ZeroPadding1D as ZeroPadding1D
from pellucid.layers.image.zero_padding import ZeroPadding2D as ZeroPadding2D
from pellucid.layers.image.zero_padding import ZeroPadding3D as ZeroPadding3D
from pellucid.layers.input import Input as Input
from pellucid.layers.input import InputLayer as InputLayer
from pellucid.layers.integer_lookup import IntegerLookup as IntegerLookup
from pellucid.layers.lambda_layer import Lambda as Lambda
from pellucid.layers.layer_normalization import LayerNormalization as LayerNormalization
from pellucid.layers.leaky_relu import LeakyReLU as LeakyReLU
from pellucid.layers.merge_concatenate import Concatenate as Concatenate
from pellucid.layers.merge_concatenate import concatenate as concatenate
from pellucid.layers.merge_dot import Dot as Dot
from pellucid.layers.merge_dot import dot as dot
from pellucid.layers.merge_elementwise import Add as Add
from pellucid.layers.merge_elementwise import Average as Average
from pellucid.layers.merge_elementwise import Maximum as Maximum
from pellucid.layers.merge_elementwise import Minimum as Minimum
from pellucid.layers.merge_elementwise import Multiply as Multiply
from pellucid.layers.merge_elementwise import Subtract as Subtract
from pellucid.layers.merge_elementwise import add as add
from pellucid.layers.merge_elementwise import average as average
from pellucid.layers.merge_elementwise import maximum as maximum
from pellucid.layers.merge_elementwise import minimum as minimum
from pellucid.layers.merge_elementwise import multiply as multiply
from pellucid.layers.merge_elementwise import subtract as subtract
from pellucid.layers.normalization import Normalization as Normalization
from pellucid.layers.permute import Permute as Permute
from pellucid.layers.pooling.average_pooling import AveragePooling1D as AveragePooling1D
from pellucid.layers.pooling.average_pooling import AveragePooling2D as AveragePooling2D
from pellucid.layers.pooling.average_pooling import AveragePooling3D as AveragePooling3D
from pellucid.layers.pooling.global_average_pooling import (
    GlobalAveragePooling1D as GlobalAveragePooling1D,
)
from pellucid.layers.pooling.global_average_pooling import (
    GlobalAveragePooling2D as GlobalAveragePooling2D,
)
from pellucid.layers.pooling.global_average_pooling import (
    GlobalAveragePooling3D as GlobalAveragePooling3D,
)
from pellucid.layers.pooling.global_max_pooling import GlobalMaxPooling1D as GlobalMaxPooling1D
from pellucid.layers.pooling.global_max_pooling import GlobalMaxPooling2D as GlobalMaxPooling2D
from pellucid.layers.pooling.global_max_pooling import GlobalMaxPooling3D as GlobalMaxPooling3D
from pellucid.layers.pooling.max_pooling import MaxPooling1D as MaxPooling1D
from pellucid.layers.pooling.max_pooling import MaxPooling2D as MaxPooling2D
from pellucid.layers.pooling.max_pooling import MaxPooling3D as MaxPooling3D
from pellucid.layers.prelu import PReLU as PReLU
from pellucid.layers.recurrent.bidirectional import Bidirectional as Bidirectional
from pellucid.layers.recurrent.cell import Cell as Cell
from pellucid.layers.recurrent.conv_lstm import ConvLSTM1D as ConvLSTM1D
from pellucid.layers.recurrent.conv_lstm import ConvLSTM2D as ConvLSTM2D
from pellucid.layers.recurrent.conv_lstm import ConvLSTM3D as ConvLSTM3D
from pellucid.layers.recurrent.gru import GRU as GRU
from pellucid.layers.recurrent.gru_cell import GRUCell as GRUCell
from pellucid.layers.recurrent.lstm import LSTM as LSTM
from pellucid.layers.recurrent.lstm_cell import LSTMCell as LSTMCell
from pellucid.layers.recurrent.rnn import RNN as RNN
from pellucid.layers.recurrent.simple_rnn import SimpleRNN as SimpleRNN
from pellucid.layers.recurrent.simple_rnn_cell import SimpleRNNCell as SimpleRNNCell
from pellucid.layers.recurrent.stacked_rnn_cells import StackedRNNCells as StackedRNNCells
from pellucid.layers.recurrent.time_distributed import TimeDistributed as TimeDistributed
from pellucid.layers.relu import ReLU as ReLU
from pellucid.layers.repeat_vector import RepeatVector as RepeatVector
from pellucid.layers.rescaling import Rescaling as Rescaling
from pellucid.layers.reshape import Reshape as Reshape
from pellucid.layers.rms_normalization import RMSNormalization as RMSNormalization
from pellucid.layers.sequence.attach_mask import AttachMask as AttachMask
from pellucid.layers.sequence.embedding import Embedding as Embedding
from pellucid.layers.sequence.masking import Masking as Masking
from pellucid.layers.slice import Slice as Slice
from pellucid.layers.softmax import Softmax as Softmax
from pellucid.layers.string_lookup import StringLookup as StringLookup
from pellucid.layers.subword_vectorization import SubwordVectorization as SubwordVectorization
from pellucid.layers.symbolic import SymbolicTensor as SymbolicTensor
from pellucid.layers.text_vectorization import TextVectorization as TextVectorization
from pellucid.layers.unit_normalization import UnitNormalization as UnitNormalization
from pellucid.layers.weight import Weight as Weight

# Keras's second names for the same classes.
AvgPool1D = AveragePooling1D
AvgPool2D = AveragePooling2D
AvgPool3D = AveragePooling3D
Convolution1D = Conv1D
Convolution1DTranspose = Conv1DTranspose
Convolution2D = Conv2D
Convolution2DTranspose = Conv2DTranspose
Convolution3D = Conv3D
Convolution3DTranspose = Conv3DTranspose
GlobalAvgPool1D = GlobalAveragePooling1D
GlobalAvgPool2D = GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
GlobalMaxPool1D = GlobalMaxPooling1D
GlobalMaxPool2D = GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
MaxPool1D = MaxPooling1D
MaxPool2D = MaxPooling2D
MaxPool3D = MaxPooling3D
SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D

REPLACED = {"CuDNNGRU": "GRU", "CuDNNLSTM": "LSTM"}
"""Names of old Keras scripts, and the layer that computes the same."""


def _answer(name: str) -> str:
    """Return what is said of a name that no layer has."""
    message = f"pellucid.layers: got the unknown name '{name}', expected that of a layer."
    suggestion = near(name, LAYERS.classes)
    if name in REPLACED:
        message += f" Write {REPLACED[name]}, which computes the same."
    elif suggestion is not None:
        message += f" Did you mean '{suggestion}'?"
    return message


def __getattr__(name: str) -> Any:
    raise AttributeError(name if name.startswith("_") else _answer(name))


answer_imports(__name__, _answer)
