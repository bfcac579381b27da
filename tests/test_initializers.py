"""First values have the distributions that formulas, and Keras, give them."""

import inspect
import json
import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from pellucid import initializers
from pellucid.description import structure, tunables
from pellucid.errors import ArgumentError, ShapeError
from pellucid.initializers import INITIALIZERS, Constant, Initializer

SHAPE = (120, 80)
FANS = {"fan_in": 120, "fan_out": 80, "fan_avg": 100}

RANDOM = [
    ("RandomNormal", {"mean": 0.5, "stddev": 2.0}, 0.5, 2.0),
    ("RandomUniform", {"minval": -1.0, "maxval": 3.0}, 1.0, 4 / math.sqrt(12)),
    ("TruncatedNormal", {"mean": 1.0, "stddev": 2.0}, 1.0, 2.0 * 0.87962566),
    ("GlorotNormal", {}, 0.0, math.sqrt(1 / FANS["fan_avg"])),
    ("GlorotUniform", {}, 0.0, math.sqrt(1 / FANS["fan_avg"])),
    ("HeNormal", {}, 0.0, math.sqrt(2 / FANS["fan_in"])),
    ("HeUniform", {}, 0.0, math.sqrt(2 / FANS["fan_in"])),
    ("LecunNormal", {}, 0.0, math.sqrt(1 / FANS["fan_in"])),
    ("LecunUniform", {}, 0.0, math.sqrt(1 / FANS["fan_in"])),
] + [
    (
        "VarianceScaling",
        {"scale": 3.0, "mode": mode, "distribution": distribution},
        0.0,
        math.sqrt(3 / FANS[mode]),
    )
    for mode in FANS
    for distribution in ("truncated_normal", "untruncated_normal", "uniform")
]
every = pytest.mark.parametrize(("name", "options", "mean", "deviation"), RANDOM)


def test_the_classes_are_those_of_keras():
    theirs = {
        name
        for name, one in inspect.getmembers(keras.initializers, inspect.isclass)
        if issubclass(one, keras.Initializer) and name[0].isupper()
    } - {"Initializer"}
    aliases = {"IdentityInitializer", "OrthogonalInitializer", "STFTInitializer"}
    assert set(INITIALIZERS.classes) == theirs - aliases
    for name in theirs:
        assert issubclass(getattr(initializers, name), Initializer)
    assert {name for name, *_ in RANDOM} | {"Constant", "Identity", "Ones", "Orthogonal"} | {
        "STFT",
        "Zeros",
    } == set(INITIALIZERS.classes)


@pytest.mark.parametrize("name", sorted(INITIALIZERS.classes))
def test_arguments_and_defaults_are_those_of_keras(name):
    ours = inspect.signature(INITIALIZERS.classes[name]).parameters
    theirs = dict(inspect.signature(getattr(keras.initializers, name).__init__).parameters)
    theirs = {key: one for key, one in theirs.items() if key not in ("self", "args", "kwargs")}
    assert {key: one.default for key, one in ours.items()} == {
        key: one.default for key, one in theirs.items()
    }


@every
def test_moments_follow_the_formula(name, options, mean, deviation):
    values = getattr(initializers, name)(**options)(SHAPE)
    assert values.dtype == np.float32
    assert values.shape == SHAPE
    error = deviation / math.sqrt(values.size)
    assert abs(values.mean() - mean) < 5 * error
    np.testing.assert_allclose(values.std(), deviation, rtol=0.04)


@every
def test_distributions_are_those_of_keras(name, options, mean, deviation):
    """Quantiles agree within five standard errors of an empirical distribution."""
    ours = np.sort(getattr(initializers, name)(**options)(SHAPE), axis=None)
    keras_one = getattr(keras.initializers, name)(**options, seed=1)
    theirs = np.sort(np.asarray(keras_one(SHAPE)), axis=None)
    places = np.searchsorted(theirs, ours) / theirs.size
    distance = abs(places - np.arange(ours.size) / ours.size).max()
    assert distance < 1.95 * math.sqrt(2 / ours.size)


def test_truncated_values_lie_within_two_deviations():
    values = initializers.TruncatedNormal(mean=1.0, stddev=0.5)((1000, 10))
    assert abs(values - 1).max() <= 1.0
    assert abs(values - 1).max() > 0.95


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 5), max_size=5))
def test_fans_are_those_of_keras(shape):
    from keras.src.initializers.random_initializers import compute_fans

    assert initializers.compute_fans(shape) == compute_fans(shape)


def test_given_axes_count_inputs_and_outputs():
    values = initializers.HeNormal(input_axes=(0,), output_axes=(1, 2))((50, 40, 30))
    np.testing.assert_allclose(values.std(), math.sqrt(2 / 50), rtol=0.02)


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6), (2, 3, 4)])
def test_orthogonal(shape):
    values = initializers.Orthogonal(gain=2.0)(shape).reshape(-1, shape[-1])
    short = values @ values.T if values.shape[0] < values.shape[1] else values.T @ values
    np.testing.assert_allclose(short, 4 * np.eye(len(short)), atol=1e-5)


def test_orthogonal_matrices_are_uniformly_distributed():
    rng = np.random.default_rng(0)
    corner = [initializers.Orthogonal().sample((3, 3), rng)[0, 0] for _ in range(2000)]
    # A coordinate of a uniform direction in space is uniform between -1 and 1.
    assert abs(np.mean(corner)) < 5 * math.sqrt(1 / 3 / 2000)
    np.testing.assert_allclose(np.var(corner), 1 / 3, rtol=0.1)


def test_orthogonal_matrices_are_found_on_one_thread(monkeypatch):
    def blas_threads():
        return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

    decompose, within = np.linalg.qr, []

    def watched(matrix):
        within.append(blas_threads())
        return decompose(matrix)

    monkeypatch.setattr(np.linalg, "qr", watched)
    with threadpool_limits(2, "blas"):
        initializers.Orthogonal()((8, 4))
        assert blas_threads() == {2}
    assert within == [{1}]


def test_plain_values():
    assert initializers.Zeros()((2,)).tolist() == [0, 0]
    assert initializers.Ones()((2,)).tolist() == [1, 1]
    assert initializers.Constant(2.5)((2, 1)).tolist() == [[2.5], [2.5]]
    assert initializers.Constant([1, 2])((2, 2)).tolist() == [[1, 2], [1, 2]]
    assert initializers.Identity(3.0)((2, 3)).tolist() == [[3, 0, 0], [0, 3, 0]]


@every
def test_a_seed_determines_the_draws(name, options, mean, deviation):
    cls = getattr(initializers, name)
    rng = np.random.default_rng(7)
    one, again, other = (
        cls(**options, seed=seed).sample((3, 4), rng).tobytes() for seed in (1, 1, 2)
    )
    assert one == again != other
    free = cls(**options)
    assert free.sample((3, 4), rng).tobytes() != free.sample((3, 4), rng).tobytes()
    assert free((3, 4)).tobytes() == free((3, 4)).tobytes()


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4, 5)])
@every
def test_any_number_of_axes(name, options, mean, deviation, shape):
    values = getattr(initializers, name)(**options).sample(shape, np.random.default_rng(0))
    assert values.shape == shape
    assert values.dtype == np.float32


def test_a_type_may_be_asked_for():
    assert initializers.RandomNormal()((2,), dtype="float64").dtype == np.float64


@pytest.mark.parametrize("name", sorted(INITIALIZERS.names))
def test_names_lead_to_classes_and_configurations_back(name):
    made = initializers.get(name)
    assert type(made) is INITIALIZERS.classes[INITIALIZERS.names[name]]
    config = {"class": f"initializer.{type(made).__name__}", "config": made.get_config()}
    again = initializers.get(json.loads(json.dumps(config)))
    assert again.get_config() == made.get_config()


@pytest.mark.parametrize("name", ["normal", "uniform", "one", "zero", "IdentityInitializer"])
def test_aliases_mean_what_they_mean_in_keras(name):
    ours, theirs = type(initializers.get(name)), type(keras.initializers.get(name))
    assert ours.__name__ == theirs.__name__


def test_lower_case_names_are_the_classes():
    for name, cls in INITIALIZERS.classes.items():
        lower = next(alias for alias in dir(initializers) if alias == _snake(name))
        assert getattr(initializers, lower) is cls


def _snake(name):
    if name.isupper():
        return name.lower()
    return "".join("_" + one.lower() if one.isupper() else one for one in name).strip("_")


@pytest.mark.parametrize(
    "function",
    [
        lambda shape, dtype: np.full(shape, 2.0, dtype),
        lambda shape, dtype=None: np.full(shape, 2.0),
        lambda shape: np.full(shape, 2.0),
    ],
)
def test_a_plain_function_is_taken(function):
    assert initializers.get(function)((2,)).tolist() == [2, 2]


def test_an_array_is_taken():
    made = initializers.get(np.array([1.0, 2.0]))
    assert isinstance(made, Constant)
    assert made((2,)).tolist() == [1, 2]


def test_no_compiled_program_depends_on_first_values():
    one, other = initializers.RandomNormal(stddev=1.0, seed=1), initializers.Zeros()
    assert structure(one) == structure(other)
    assert tunables(one) == []


WRONG = [
    (
        lambda: initializers.get("glorot"),
        ArgumentError,
        "initializer: got the unknown name 'glorot', expected a known initializer. "
        "Did you mean 'GlorotNormal'?",
    ),
    (
        lambda: initializers.RandomNormal(stddev=-1),
        ArgumentError,
        "RandomNormal(stddev=...): got -1, expected a number at least 0.",
    ),
    (
        lambda: initializers.VarianceScaling(distribution="gaussian"),
        ArgumentError,
        "VarianceScaling(distribution=...): got 'gaussian', expected one of 'uniform', "
        "'truncated_normal', 'untruncated_normal'.",
    ),
    (
        lambda: initializers.VarianceScaling(mode="fan_inn"),
        ArgumentError,
        "VarianceScaling(mode=...): got 'fan_inn', expected one of 'fan_in', 'fan_out', "
        "'fan_avg'. Did you mean 'fan_in'?",
    ),
    (
        lambda: initializers.Constant("one"),
        ArgumentError,
        "Constant(value=...): got 'one', expected a number or an array of numbers.",
    ),
    (
        lambda: initializers.Constant([1, 2, 3])((2, 2)),
        ShapeError,
        "Constant(value=...): got an array of shape (3,), "
        "expected one that fits the weight's shape (2, 2).",
    ),
    (
        lambda: initializers.Identity()((2, 2, 2)),
        ShapeError,
        "Identity: got a weight of shape (2, 2, 2), expected a matrix (two axes).",
    ),
    (
        lambda: initializers.Orthogonal()((2,)),
        ShapeError,
        "Orthogonal: got a weight of shape (2,), expected at least two axes.",
    ),
    (
        lambda: initializers.get(lambda shape: np.zeros(9))((2,)),
        ShapeError,
        "initializer '<lambda>': got an array of shape (9,), expected the weight's shape (2,).",
    ),
    (
        lambda: initializers.RandomNormal(seed="one"),
        ArgumentError,
        "RandomNormal(seed=...): got 'one', "
        "expected a whole number at least 0 (the seed of the draws).",
    ),
]


@pytest.mark.parametrize(("make", "error", "message"), WRONG)
def test_messages(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize("side", ["real", "imag"])
@pytest.mark.parametrize("window", ["hann", "hamming", None])
@pytest.mark.parametrize(("scaling", "periodic"), [("density", False), ("spectrum", True)])
def test_kernels_of_fourier_transforms_are_those_of_keras(side, window, scaling, periodic):
    given = (side, window, scaling, periodic)
    ours, theirs = initializers.STFT(*given)((8, 1, 9)), keras.initializers.STFT(*given)((8, 1, 9))
    # Keras takes sines of up to 8π in float32.
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=5e-6)


def test_a_fourier_kernel_needs_its_three_axes():
    with pytest.raises(ShapeError) as told:
        initializers.STFT()((3, 2))
    assert str(told.value) == "STFT: got a weight of shape (3, 2), expected (samples, 1, bins)."
