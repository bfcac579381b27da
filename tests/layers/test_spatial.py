"""What inputs of a wrong rank or layout are answered with, word for word."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.errors import ShapeError
from pellucid.layers.convolution import CLASSES as CONVOLUTIONS
from pellucid.layers.pooling import CLASSES as POOLINGS

TOO_SMALL = "Use padding='same', a smaller kernel_size, or fewer strides before it."
FIRST = (
    "The channels seem to come first: put them last with np.moveaxis(x, 1, -1), "
    "or set data_format='channels_first'. If they do not, use padding='same', a smaller "
)
FEWER = "or fewer strides before it."

SHAPES = [
    (
        layers.Conv2D(8, 3, name="first"),
        (28, 28),
        "first (Conv2D): got inputs of shape (None, 28, 28), "
        "expected 4 axes: (batch, height, width, channels). "
        "Images without a channel axis get one by x[..., None], a single one gets its batch axis "
        "by x[None]. For 3 axes there is Conv1D.",
    ),
    (
        layers.Conv2D(8, 3),
        (784,),
        "Conv2D: got inputs of shape (None, 784), "
        "expected 4 axes: (batch, height, width, channels). "
        "Add Reshape((height, width, channels)) before it.",
    ),
    (
        layers.Conv1D(8, 3),
        (100,),
        "Conv1D: got inputs of shape (None, 100), expected 3 axes: (batch, steps, channels). "
        "Sequences without a channel axis get one by x[..., None], a single one gets its batch "
        "axis by x[None].",
    ),
    (
        layers.Conv1D(8, 3, data_format="channels_first"),
        (100,),
        "Conv1D: got inputs of shape (None, 100), expected 3 axes: (batch, channels, steps). "
        "Sequences without a channel axis get one by x[:, None], a single one gets its batch "
        "axis by x[None].",
    ),
    (
        layers.Conv1D(8, 3),
        (28, 28, 1),
        "Conv1D: got inputs of shape (None, 28, 28, 1), "
        "expected 3 axes: (batch, steps, channels). For 4 axes there is Conv2D.",
    ),
    (
        layers.MaxPooling1D(),
        (8, 8, 4),
        "MaxPooling1D: got inputs of shape (None, 8, 8, 4), "
        "expected 3 axes: (batch, steps, channels). For 4 axes there is MaxPooling2D.",
    ),
    (
        layers.DepthwiseConv2D(3),
        (5, 8, 8, 4),
        "DepthwiseConv2D: got inputs of shape (None, 5, 8, 8, 4), "
        "expected 4 axes: (batch, height, width, channels).",
    ),
    (
        layers.GlobalAveragePooling3D(),
        (8, 8, 4),
        "GlobalAveragePooling3D: got inputs of shape (None, 8, 8, 4), "
        "expected 5 axes: (batch, depth, height, width, channels). "
        "Volumes without a channel axis get one by x[..., None], a single one gets its batch axis "
        "by x[None]. For 4 axes there is GlobalAveragePooling2D.",
    ),
    (
        layers.GlobalMaxPooling2D(),
        (0, 4, 2),
        "GlobalMaxPooling2D: got inputs of shape (None, 0, 4, 2), "
        "expected at least one value for each channel.",
    ),
    (
        layers.Conv2D(8, 3),
        (2, 2, 64),
        "Conv2D: got inputs of shape (None, 2, 2, 64), expected at least 3 × 3 (height × width) "
        f"for kernel_size=(3, 3) and padding='valid'. {TOO_SMALL}",
    ),
    (
        layers.SeparableConv2D(8, 3, dilation_rate=2),
        (4, 9, 64),
        "SeparableConv2D: got inputs of shape (None, 4, 9, 64), "
        "expected at least 5 × 5 (height × width) "
        f"for kernel_size=(3, 3), dilation_rate=(2, 2) and padding='valid'. {TOO_SMALL}",
    ),
    (
        layers.Conv1D(8, 5),
        (4, 9),
        "Conv1D: got inputs of shape (None, 4, 9), expected at least 5 (steps) "
        f"for kernel_size=5 and padding='valid'. {TOO_SMALL}",
    ),
    (
        layers.AveragePooling2D(3),
        (1, 2, 9),
        "AveragePooling2D: got inputs of shape (None, 1, 2, 9), "
        "expected at least 3 × 3 (height × width) for pool_size=(3, 3) and padding='valid'. "
        "Use padding='same', a smaller pool_size, or fewer strides before it.",
    ),
    (
        layers.MaxPooling2D(padding="same"),
        (0, 30, 3),
        "MaxPooling2D: got inputs of shape (None, 0, 30, 3), "
        "expected at least 1 × 1 (height × width) for pool_size=(2, 2) and padding='same'.",
    ),
    (
        layers.Conv2D(8, 3),
        (2, 28, 28),
        "Conv2D: got inputs of shape (None, 2, 28, 28), expected at least 3 × 3 (height × width) "
        f"for kernel_size=(3, 3) and padding='valid'. {FIRST}kernel_size, {FEWER}",
    ),
    (
        layers.Conv3D(8, 5),
        (4, 16, 16, 16),
        "Conv3D: got inputs of shape (None, 4, 16, 16, 16), expected at least 5 × 5 × 5 (depth × "
        "height × width) for kernel_size=(5, 5, 5) and padding='valid'. "
        f"{FIRST}kernel_size, {FEWER}",
    ),
    (
        layers.Conv2D(8, 3),
        (2, 28, 30),
        "Conv2D: got inputs of shape (None, 2, 28, 30), expected at least 3 × 3 (height × width) "
        f"for kernel_size=(3, 3) and padding='valid'. {TOO_SMALL}",
    ),
    (
        layers.Conv2D(8, 3),
        (1, 28, 28),
        "Conv2D: got inputs of shape (None, 1, 28, 28), expected at least 3 × 3 (height × width) "
        f"for kernel_size=(3, 3) and padding='valid'. {FIRST}kernel_size, {FEWER}",
    ),
    (
        layers.Conv2D(8, 5),
        (3, 32, 32),
        "Conv2D: got inputs of shape (None, 3, 32, 32), expected at least 5 × 5 (height × width) "
        f"for kernel_size=(5, 5) and padding='valid'. {FIRST}kernel_size, {FEWER}",
    ),
    (
        layers.MaxPooling1D(2),
        (1, 500),
        "MaxPooling1D: got inputs of shape (None, 1, 500), expected at least 2 (steps) "
        f"for pool_size=2 and padding='valid'. {FIRST}pool_size, {FEWER}",
    ),
    (
        layers.Conv2D(8, 3, data_format="channels_first"),
        (28, 28, 1),
        "Conv2D: got inputs of shape (None, 28, 28, 1), expected at least 3 × 3 (height × width) "
        "for kernel_size=(3, 3) and padding='valid'. "
        "With data_format='channels_first' the first of these sizes is the channels'.",
    ),
]


@pytest.mark.parametrize(("layer", "shape", "message"), SHAPES)
def test_shapes(layer, shape, message):
    with pytest.raises(ShapeError) as caught:
        layer.declared(shape)
    assert str(caught.value) == message


def test_shapes_that_only_look_like_channels_first_are_taken():
    assert layers.Conv2D(8, 3).output_shape((3, 32, 32)) == (1, 30, 8)
    assert layers.Conv2D(8, 1).output_shape((1, 28, 28)) == (1, 28, 8)
    assert layers.MaxPooling2D(padding="same").output_shape((1, 28, 28)) == (1, 14, 28)


def test_the_advice_about_channels_helps():
    images = np.zeros((2, 1, 28, 28), "float32")
    assert layers.Conv2D(8, 3)(np.moveaxis(images, 1, -1)).shape == (2, 26, 26, 8)
    assert layers.Conv2D(8, 3, data_format="channels_first")(images).shape == (2, 8, 26, 26)


def test_a_model_names_the_layer_that_does_not_fit():
    model = pellucid.Sequential([layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()])
    with pytest.raises(ShapeError, match=r"Images without a channel axis get one"):
        model.predict(np.zeros((2, 8, 8), "float32"))


def test_data_too_small_for_an_open_size_are_told_as_well():
    model = pellucid.Sequential([layers.Input((None, 2)), layers.Conv1D(4, 3, name="first")])
    assert model.predict(np.zeros((2, 5, 2), "float32"), verbose=0).shape == (2, 3, 4)
    with pytest.raises(ShapeError) as caught:
        model.predict(np.zeros((2, 2, 2), "float32"), verbose=0)
    assert str(caught.value) == (
        "first (Conv1D): got inputs of shape (None, 2, 2), expected at least 3 (steps) "
        f"for kernel_size=3 and padding='valid'. {TOO_SMALL}"
    )


@pytest.mark.parametrize(
    ("data_format", "given", "advice"),
    [
        ("channels_last", (2, 3, 8, 8), "Put the channels last: np.moveaxis(x, 1, -1)."),
        ("channels_first", (2, 8, 8, 3), "Put the channels first: np.moveaxis(x, -1, 1)."),
    ],
)
def test_data_of_the_other_layout_are_told_to_move_not_to_reshape(data_format, given, advice):
    shape = (8, 8, 3) if data_format == "channels_last" else (3, 8, 8)
    model = pellucid.Sequential(
        [layers.Input(shape), layers.Conv2D(4, 3, data_format=data_format), layers.Flatten()]
    )
    with pytest.raises(ShapeError) as caught:
        model.predict(np.zeros(given, "float32"), verbose=0)
    assert str(caught.value) == f"x: got shape {given}, expected shape {(None, *shape)}. {advice}"


@pytest.mark.parametrize("cls", [*CONVOLUTIONS, *POOLINGS], ids=lambda cls: cls.__name__)
def test_every_layer_of_space_asks_for_its_rank(cls):
    needed = {"filters": 2, "kernel_size": 2, "pool_size": 2}
    layer = cls(**{name: needed[name] for name in needed if name in cls.__dataclass_fields__})
    assert cls.__name__.removesuffix("Transpose").endswith(f"{layer.space}D")
    with pytest.raises(ShapeError, match=f"expected {layer.space + 2} axes"):
        layer.declared((4,) * layer.space)
    assert layer.output_shape((4,) * (layer.space + 1))


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        *((f"AvgPool{n}D", f"AveragePooling{n}D") for n in (1, 2, 3)),
        *((f"MaxPool{n}D", f"MaxPooling{n}D") for n in (1, 2, 3)),
        *((f"GlobalAvgPool{n}D", f"GlobalAveragePooling{n}D") for n in (1, 2, 3)),
        *((f"GlobalMaxPool{n}D", f"GlobalMaxPooling{n}D") for n in (1, 2, 3)),
        *((f"Convolution{n}D", f"Conv{n}D") for n in (1, 2, 3)),
        *((f"Convolution{n}DTranspose", f"Conv{n}DTranspose") for n in (1, 2, 3)),
        *((f"SeparableConvolution{n}D", f"SeparableConv{n}D") for n in (1, 2)),
    ],
)
def test_second_names(alias, name):
    assert getattr(layers, alias) is getattr(layers, name)
