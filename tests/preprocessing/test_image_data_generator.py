"""Images from generators are those of Keras's, where it does what it documents."""

import warnings

import numpy as np
import pandas
import polars
import pytest
from keras.src.legacy.preprocessing import image as legacy
from PIL import Image

import pellucid
from pellucid.errors import ArgumentError, DataError, FileError, PellucidWarning, ShapeError
from pellucid.preprocessing.image import ImageDataGenerator

IMAGES = np.random.default_rng(3).uniform(0, 255, (6, 8, 8, 3)).astype(np.float32)

FILES = {"target_size": (5, 4), "batch_size": 4, "shuffle": False}


def without_deprecations(call):
    # Keras calls SciPy by a name that SciPy is giving up.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return call()


@pytest.mark.parametrize(
    "parameters",
    [
        {"theta": 30.0},
        {"shear": -20.0},
        {"tx": 2.0, "ty": -1.5},
        {"zx": 0.7, "zy": 1.2},
        {"theta": 15.0, "tx": 1.0, "ty": 2.0, "shear": 10.0, "zx": 1.1, "zy": 0.9},
        {"flip_horizontal": True},
        {"flip_vertical": True, "channel_shift_intensity": 40.0},
    ],
)
@pytest.mark.parametrize("fill", ["nearest", "constant", "reflect", "wrap"])
def test_square_images_change_as_in_keras(parameters, fill):
    options = {"fill_mode": fill, "cval": 7.0}
    keras = legacy.ImageDataGenerator(**options)
    expected = without_deprecations(lambda: keras.apply_transform(IMAGES[0].copy(), parameters))
    found = ImageDataGenerator(**options).apply_transform(IMAGES[0], parameters)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-2)
    first = ImageDataGenerator(data_format="channels_first", **options)
    turned = first.apply_transform(np.moveaxis(IMAGES[0], -1, 0), parameters)
    np.testing.assert_allclose(np.moveaxis(turned, 0, -1), found)


def test_brightness_is_that_of_keras_but_for_rounding():
    for factor in (0.3, 1.4):
        expected = legacy.ImageDataGenerator().apply_transform(
            IMAGES[0].copy(), {"brightness": factor}
        )
        found = ImageDataGenerator().apply_transform(IMAGES[0], {"brightness": factor})
        # Keras cuts pixels to whole numbers before and after.
        np.testing.assert_allclose(found, expected, atol=1 + factor)
    beyond = ImageDataGenerator().apply_transform(IMAGES[0] - 100, {"brightness": 0.0})
    assert np.unique(beyond).tolist() == [(IMAGES[0] - 100).min()]


def test_an_oblong_image_turns_about_its_middle():
    image = np.zeros((3, 7, 1), np.float32)
    image[1, 3] = 1
    turned = ImageDataGenerator().apply_transform(image, {"theta": 90})
    np.testing.assert_allclose(turned, image, atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"rescale": 1 / 255},
        {"samplewise_std_normalization": True, "samplewise_center": True},
        {"featurewise_center": True},
        {"featurewise_center": True, "featurewise_std_normalization": True, "rescale": 0.1},
        {"zca_whitening": True, "featurewise_center": True, "zca_epsilon": 1e-2},
        {"preprocessing_function": lambda one: one[::-1] + 1},
    ],
)
def test_images_are_normalised_as_in_keras(options):
    ours, keras = ImageDataGenerator(**options), legacy.ImageDataGenerator(**options)
    ours.fit(IMAGES)
    keras.fit(IMAGES)
    for image in IMAGES[:2]:
        expected = keras.standardize(image.copy())
        np.testing.assert_allclose(ours.standardize(image), expected, rtol=1e-3, atol=1e-3)


def test_statistics_must_be_known_before_they_are_used():
    generator = ImageDataGenerator(featurewise_std_normalization=True)
    with pytest.raises(ArgumentError) as told:
        next(generator.flow(IMAGES))
    assert str(told.value) == (
        "ImageDataGenerator: got images before it knows means and standard deviations, expected "
        "fit to have found them. Call generator.fit(x) with the training images first."
    )
    generator.fit(IMAGES, augment=True, rounds=2, seed=1)
    assert next(generator.flow(IMAGES)).shape == IMAGES.shape


# -- draws ----------------------------------------------------------------------------------------


def test_draws_lie_in_their_ranges():
    generator = ImageDataGenerator(
        rotation_range=30,
        width_shift_range=0.25,
        height_shift_range=[-3, 0, 3],
        shear_range=10.0,
        zoom_range=(0.5, 0.8),
        channel_shift_range=20.0,
        brightness_range=(0.5, 1.5),
        horizontal_flip=True,
    )
    drawn = [generator.get_random_transform((10, 40, 3), seed) for seed in range(300)]

    def range_of(name):
        values = [one[name] for one in drawn]
        return min(values), max(values)

    for name, low, high in (
        ("theta", -30, 30),
        ("tx", -10, 10),
        ("shear", -10, 10),
        ("zx", 0.5, 0.8),
        ("zy", 0.5, 0.8),
        ("channel_shift_intensity", -20, 20),
        ("brightness", 0.5, 1.5),
    ):
        least, most = range_of(name)
        margin = (high - low) / 10
        assert low <= least < low + margin
        assert high - margin < most <= high
    assert {one["ty"] for one in drawn} == {-3, 0, 3}
    assert {one["flip_horizontal"] for one in drawn} == {True, False}
    assert not any(one["flip_vertical"] for one in drawn)
    assert drawn[5] == generator.get_random_transform((10, 40, 3), 5)


def test_height_moves_images_down_and_width_to_the_side():
    image = np.zeros((9, 9, 1), np.float32)
    image[4, 4] = 1
    for option, axis in (("height_shift_range", 0), ("width_shift_range", 1)):
        generator = ImageDataGenerator(**{option: [2]}, fill_mode="constant")
        places = {
            tuple(np.argwhere(generator.random_transform(image, seed)[..., 0])[0].tolist())
            for seed in range(10)
        }
        expected = {(2, 4), (6, 4)} if axis == 0 else {(4, 2), (4, 6)}
        assert places == expected


def test_whole_numbers_are_pixels_below_them():
    drawn = [
        ImageDataGenerator(width_shift_range=2).get_random_transform((9, 9, 1), seed)["tx"]
        for seed in range(50)
    ]
    assert {abs(one) for one in drawn} == {0, 1}


def test_the_same_seed_draws_the_same_and_every_epoch_anew():
    generator = ImageDataGenerator(rotation_range=40, horizontal_flip=True)
    y = np.arange(6)
    one, other = (generator.flow(IMAGES, y, batch_size=4, seed=5) for _ in range(2))
    first = [next(one) for _ in range(4)]
    for expected in first:
        found = next(other)
        np.testing.assert_array_equal(found[0], expected[0])
        np.testing.assert_array_equal(found[1], expected[1])
    assert [len(batch[1]) for batch in first] == [4, 2, 4, 2]
    assert sorted(np.concatenate([first[0][1], first[1][1]])) == [*range(6)]
    assert not np.array_equal(first[0][0], first[2][0])
    one.reset()
    np.testing.assert_array_equal(one.next()[0], first[2][0])


# -- arrays ---------------------------------------------------------------------------------------


def test_arrays_are_parted_as_in_keras():
    y, weights = np.array([0, 1, 0, 1, 0, 1]), np.arange(6.0)
    for subset in ("validation", "training"):
        options = {"shuffle": False, "batch_size": 9, "subset": subset, "sample_weight": weights}
        ours = next(ImageDataGenerator(validation_split=0.4).flow(IMAGES, y, **options))
        keras = next(legacy.ImageDataGenerator(validation_split=0.4).flow(IMAGES, y, **options))
        for found, expected in zip(ours[:2], keras[:2], strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-6)
        # Keras gives the training images the weights of the validation's.
        assert ours[2].tolist() == ([0, 1] if subset == "validation" else [2, 3, 4, 5])


def test_a_network_trains_on_a_flow():
    x = np.repeat([0.0, 255.0], 12)[:, None, None, None] * np.ones((1, 4, 4, 1))
    y = np.repeat([0.0, 1.0], 12)
    generator = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
    model = pellucid.Sequential(
        [pellucid.Input((4, 4, 1)), pellucid.layers.Flatten(), pellucid.layers.Dense(1, "sigmoid")]
    )
    model.compile(pellucid.optimizers.Adam(0.1), "binary_crossentropy", metrics=["accuracy"])
    flow = generator.flow(x, y, batch_size=8, seed=0)
    history = model.fit(flow, epochs=10, validation_data=flow, steps_per_epoch=len(flow), verbose=0)
    assert history.history["val_accuracy"][-1] == 1
    assert model.evaluate(flow, verbose=0)[1] == 1
    still = generator.flow(x, batch_size=8, shuffle=False)
    assert model.predict(still, verbose=0).round().ravel().tolist() == y.tolist()
    assert len(model.fit(flow, epochs=2, verbose=0).history["loss"]) == 2


def test_arrays_that_do_not_fit_are_told():
    generator = ImageDataGenerator(validation_split=0.5)
    with pytest.raises(ShapeError) as told:
        generator.flow(IMAGES[0], np.zeros(6), sample_weight=np.zeros(2))
    assert str(told.value) == (
        "3 problems:\n"
        "  1. ImageDataGenerator.flow(x=...): got an array of shape (8, 8, 3), expected four axes: "
        "(images, height, width, channels).\n"
        "  2. ImageDataGenerator.flow(y=...): got shape (6,) for 8 images, expected one for each "
        "image.\n"
        "  3. ImageDataGenerator.flow(sample_weight=...): got shape (2,) for 8 images, expected "
        "one for each image."
    )
    with pytest.raises(ArgumentError) as caught:
        generator.flow(IMAGES, np.repeat([0, 1], 3), subset="training")
    assert str(caught.value) == (
        "ImageDataGenerator.flow(subset=...): got a part with other classes than the rest, "
        "expected the same classes in both. Shuffle the images first, or write "
        "ignore_class_split=True."
    )
    with pytest.raises(ArgumentError) as caught:
        generator.flow([IMAGES, np.zeros(6)])
    assert str(caught.value) == (
        "ImageDataGenerator.flow(x=...): got images and another input, expected images alone. Give "
        "other inputs by a generator of your own."
    )


# -- files ----------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for name, count in (("cats", 5), ("dogs", 3)):
        (tmp_path / name).mkdir()
        for number in range(count):
            pixels = rng.integers(0, 256, (7, 6, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    (tmp_path / "cats" / "notes.txt").write_text("no image")
    return tmp_path


@pytest.mark.parametrize("mode", ["categorical", "binary", "sparse", "input", None])
@pytest.mark.parametrize("subset", [None, "training", "validation"])
def test_folders_flow_as_in_keras(folder, mode, subset, capsys):
    options = {"class_mode": mode, "subset": subset, **FILES}
    flows = [
        kind(rescale=0.5, validation_split=0.4).flow_from_directory(folder, **options)
        for kind in (legacy.ImageDataGenerator, ImageDataGenerator)
    ]
    keras, ours = flows
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[1]
    for name in ("filenames", "class_indices", "samples", "n", "num_classes"):
        assert getattr(ours, name) == getattr(keras, name)
    assert ours.classes.tolist() == ours.labels.tolist() == keras.classes.tolist()
    assert [str(one) for one in ours.filepaths] == [str(one) for one in keras.filepaths]
    assert len(ours) == len(keras)
    for _ in range(3):
        expected, found = next(keras), next(ours)
        if mode is None:
            expected, found = [expected], [found]
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)


FRAME = {
    "file": ["cats/0.png", "dogs/0.png", "cats/1.png", "dogs/gone.png"],
    "kind": ["cat", "dog", "cat", "dog"],
    "size": [1.5, 2.5, 3.5, 4.5],
    "both": [["cat"], ["dog", "cat"], ["dog"], ["cat"]],
    "weight": [1.0, 2.0, 3.0, 4.0],
}


@pytest.mark.parametrize(
    ("mode", "column"),
    [
        ("categorical", "kind"),
        ("categorical", "both"),
        ("binary", "kind"),
        ("sparse", "kind"),
        ("raw", "size"),
        ("raw", ["size", "weight"]),
        (None, "kind"),
    ],
)
def test_frames_flow_as_in_keras(folder, mode, column):
    options = {"x_col": "file", "y_col": column, "class_mode": mode, **FILES}
    if mode is not None:
        options["weight_col"] = "weight"
    frame = pandas.DataFrame(FRAME)
    with pytest.warns(UserWarning, match="ignored"):
        keras = legacy.ImageDataGenerator().flow_from_dataframe(frame, str(folder), **options)
    for own in (frame, polars.DataFrame(FRAME)):
        with pytest.warns(PellucidWarning) as told:
            ours = ImageDataGenerator().flow_from_dataframe(own, folder, **options)
        assert str(told[0].message) == (
            "ImageDataGenerator.flow_from_dataframe, column 'file': got 1 name without an image "
            f"file, such as {folder / 'dogs' / 'gone.png'}, expected image files. They are left "
            "out."
        )
        assert ours.filenames == keras.filenames
        expected, found = keras[0], ours[0]
        if mode is None:
            expected, found = [expected], [found]
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-6)


def test_frames_that_do_not_fit_are_told(folder):
    generator, frame = ImageDataGenerator(), pandas.DataFrame(FRAME).iloc[:3]
    with pytest.raises(ArgumentError) as told:
        generator.flow_from_dataframe(frame, folder, x_col="files", y_col="sizes")
    assert str(told.value) == (
        "2 problems:\n"
        "  1. ImageDataGenerator.flow_from_dataframe(x_col=...): got 'files', expected a column of "
        "the frame. Did you mean 'file'?\n"
        "  2. ImageDataGenerator.flow_from_dataframe(y_col=...): got 'sizes', expected a column of "
        "the frame. Did you mean 'size'?"
    )
    with pytest.raises(DataError) as caught:
        generator.flow_from_dataframe(frame, folder, x_col="file", y_col="size")
    assert str(caught.value) == (
        "ImageDataGenerator.flow_from_dataframe, column 'size': got 1.5 in row 0, expected text. "
        "Write frame['size'] = frame['size'].astype(str), or class_mode='raw'."
    )
    with pytest.raises(ArgumentError) as told:
        generator.flow_from_dataframe(frame, folder, class_mode="multi_output")
    assert str(told.value) == (
        "ImageDataGenerator.flow_from_dataframe(class_mode=...): got 'multi_output', expected one "
        "of 'categorical', 'binary', 'sparse', 'input', None, 'raw'. For several targets write "
        "class_mode='raw' with several columns."
    )


def test_folders_that_do_not_fit_are_told(folder):
    generator = ImageDataGenerator()
    with pytest.raises(FileError) as told:
        generator.flow_from_directory(folder, classes=["cats", "dog"])
    assert str(told.value) == (
        "ImageDataGenerator.flow_from_directory(classes=...): got 'dog', expected the name of a "
        f"folder in '{folder}'. Did you mean 'dogs'?"
    )
    with pytest.raises(ArgumentError) as caught:
        generator.flow_from_directory(folder, subset="validation")
    assert str(caught.value) == (
        "ImageDataGenerator.flow_from_directory(subset=...): got 'validation' of a generator "
        "without validation_split, expected ImageDataGenerator(validation_split=...)."
    )
    with pytest.raises(ArgumentError) as caught:
        generator.flow_from_directory(folder, class_mode="categorial")
    assert str(caught.value) == (
        "ImageDataGenerator.flow_from_directory(class_mode=...): got 'categorial', expected one of "
        "'categorical', 'binary', 'sparse', 'input', None. Did you mean 'categorical'?"
    )
    with pytest.raises(ArgumentError, match=r"flow_from_directory\(batch_size=\.\.\.\): got 0, "):
        generator.flow_from_directory(folder, batch_size=0)


def test_channels_may_come_first_and_images_be_written(folder, tmp_path):
    generator = ImageDataGenerator(data_format="channels_first")
    (tmp_path / "seen").mkdir()
    saved = {"save_to_dir": tmp_path / "seen", "save_prefix": "a", "save_format": "jpeg"}
    flow = generator.flow_from_directory(
        folder, classes=["dogs"], class_mode=None, **FILES, **saved
    )
    assert next(flow).shape == (3, 3, 5, 4)
    names = sorted(path.name for path in (tmp_path / "seen").iterdir())
    assert names == ["a_0_0.jpeg", "a_1_0.jpeg", "a_2_0.jpeg"]
    with Image.open(tmp_path / "seen" / names[0]) as written:
        assert written.size == (4, 5)


def test_arguments_out_of_range_are_told_together():
    with pytest.raises(ArgumentError) as told:
        ImageDataGenerator(
            rotation_range=-1,
            width_shift_range="far",
            zoom_range=(0, 1),
            brightness_range=0.5,
            fill_mode="mirror",
            validation_split=1,
            interpolation_order=6,
        )
    assert str(told.value) == (
        "7 problems:\n"
        "  1. ImageDataGenerator(rotation_range=...): got -1, expected a number of at least 0.\n"
        "  2. ImageDataGenerator(width_shift_range=...): got 'far', expected a number of at least "
        "0, or a list of distances.\n"
        "  3. ImageDataGenerator(zoom_range=...): got (0, 1), expected a part from 0 to below 1, "
        "or two factors above 0 such as (0.8, 1.2).\n"
        "  4. ImageDataGenerator(brightness_range=...): got 0.5, expected two factors of at least "
        "0 such as (0.8, 1.2), or None.\n"
        "  5. ImageDataGenerator(fill_mode=...): got 'mirror', expected one of 'constant', "
        "'nearest', 'reflect', 'wrap'. Known: constant, nearest, reflect, wrap.\n"
        "  6. ImageDataGenerator(validation_split=...): got 1, expected a share from 0 to below "
        "1.\n"
        "  7. ImageDataGenerator(interpolation_order=...): got 6, expected a whole number from 0 "
        "to 5."
    )
