"""Initialisers: how a weight's first values are drawn.

They run on the host in NumPy, so that a first fit compiles nothing for them.
"""

import inspect
import math
import threading
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np

from pellucid.description import Description, Refusal, choice, count, flag, number, option
from pellucid.errors import ShapeError
from pellucid.ops.spectrum import window
from pellucid.types import NumpyArray
from pellucid.vocabulary import Vocabulary

TRUNCATED_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal variable that is cut off at -2 and 2."""

BLAS = threading.Lock()
"""Held while the number of BLAS's threads, which is that of the whole process, is another."""


class Initializer(Description):
    """Base of the initialisers; one of one's own defines `sample`."""

    kind: ClassVar[str] = "initializer"
    compiled: ClassVar[bool] = False

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        """Return a float32 array of `shape`, drawn with `rng` where chance is needed."""
        raise NotImplementedError(f"{type(self).__name__} must define sample().")

    def __call__(self, shape: Sequence[int], dtype: Any = "float32") -> NumpyArray:
        """Return an array of `shape`, drawn with the initialiser's own seed (0 if it has none)."""
        values = self.sample(tuple(shape), np.random.default_rng(0))
        return values if dtype is None else values.astype(dtype)


class RandomInitializer(Initializer):
    """Base of the initialisers that draw random numbers; a `seed` makes their draws their own."""

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        seed = getattr(self, "seed", None)
        return self.draw(shape, rng if seed is None else np.random.default_rng(seed))

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        """Return a float32 array of `shape` drawn with `rng`."""
        raise NotImplementedError(f"{type(self).__name__} must define draw().")


SEED = "the seed of the draws"


def _uniform(
    shape: tuple[int, ...], low: float, high: float, rng: np.random.Generator
) -> NumpyArray:
    return (rng.random(shape, np.float32) * (high - low) + low).astype(np.float32)


def _normal(
    shape: tuple[int, ...], mean: float, stddev: float, rng: np.random.Generator
) -> NumpyArray:
    return np.asarray(rng.standard_normal(shape, np.float32) * stddev + mean, np.float32)


def _truncated_normal(
    shape: tuple[int, ...], mean: float, stddev: float, rng: np.random.Generator
) -> NumpyArray:
    values = rng.standard_normal(math.prod(shape), np.float32)
    outside = np.abs(values) > 2
    while outside.any():
        values[outside] = rng.standard_normal(int(outside.sum()), np.float32)
        outside = np.abs(values) > 2
    return (values * np.float32(stddev) + np.float32(mean)).reshape(shape)


class Zeros(Initializer):
    """Zeros.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.Zeros()((2,)).tolist()
        [0.0, 0.0]
    """

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return np.zeros(shape, np.float32)


class Ones(Initializer):
    """Ones.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.Ones()((2,)).tolist()
        [1.0, 1.0]
    """

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return np.ones(shape, np.float32)


def to_numbers(value: Any) -> Any:
    """Return a number as float and numbers as a float32 array; a converter for fields."""
    try:
        array = np.asarray(value, np.float32)
    except (TypeError, ValueError):
        raise Refusal("a number or an array of numbers") from None
    return float(array) if array.ndim == 0 else array


class Constant(Initializer):
    """One number everywhere, or given values.

    Args:
        value: Number, or array that has (or broadcasts to) the shape of the weight.

    Raises:
        ShapeError: The array does not fit the weight.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.Constant(3.0)((2,)).tolist()
        [3.0, 3.0]
    """

    value: Any = option(default=0.0, convert=to_numbers)

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        try:
            return np.array(np.broadcast_to(np.asarray(self.value, np.float32), shape))
        except ValueError:
            raise ShapeError(
                f"Constant(value=...): got an array of shape {np.shape(self.value)}, "
                f"expected one that fits the weight's shape {tuple(shape)}."
            ) from None


class Identity(Initializer):
    """The identity matrix times `gain`.

    Args:
        gain: Factor.

    Raises:
        ShapeError: The weight is not a matrix.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.Identity()((2, 2)).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """

    gain: float = number(default=1.0)

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        if len(shape) != 2:
            raise ShapeError(
                f"Identity: got a weight of shape {tuple(shape)}, expected a matrix (two axes)."
            )
        return (self.gain * np.eye(*shape)).astype(np.float32)


class STFT(Initializer):
    """Windowed cosines or sines: kernels that make a convolution a short-time Fourier transform.

    `kernel[n, 0, k] = w[n] cos(2πkn / size)`, or with `-sin`; n counts the samples of a frame, k
    the frequencies, `size = 2 (bins - 1)`.

    Args:
        side: "real" for cosines, "imag" for sines.
        window: "hann", "hamming", or None for none.
        scaling: By what the window is divided: "density" for the root of its summed squares,
            "spectrum" for its sum, None for nothing.
        periodic: Whether the window is that of a period, instead of a symmetric one.

    Raises:
        ShapeError: The weight is not of shape (samples, 1, bins).

    Example:
        >>> import pellucid
        >>> pellucid.initializers.STFT("real", None)((2, 1, 2)).tolist()
        [[[1.0, 1.0]], [[1.0, -1.0]]]

    Differs from Keras: windows are named, not given as numbers.
    """

    side: str = choice(("real", "imag"), default="real")
    window: str | None = choice(("hann", "hamming", None), default="hann")
    scaling: str | None = choice(("density", "spectrum", None), default="density")
    periodic: bool = flag(default=False)

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        if len(shape) != 3 or shape[1] != 1:
            raise ShapeError(
                f"STFT: got a weight of shape {tuple(shape)}, expected (samples, 1, bins)."
            )
        samples, _, bins = shape
        turns = np.arange(samples)[:, None, None] * np.arange(bins) / (2 * (bins - 1))
        wave = np.cos(2 * np.pi * turns) if self.side == "real" else -np.sin(2 * np.pi * turns)
        return (wave * self._taper(samples)[:, None, None]).astype(np.float32)

    def _taper(self, samples: int) -> NumpyArray:
        if self.window is None:
            return np.ones(samples)
        taper = window(self.window, samples, self.periodic)
        sizes = {"density": np.sqrt((taper**2).sum()), "spectrum": np.abs(taper).sum(), None: 1}
        return taper / sizes[self.scaling]


class RandomNormal(RandomInitializer):
    """Normal distribution.

    Args:
        mean: Mean.
        stddev: Standard deviation, at least 0.
        seed: Seed of the draws; None to follow the model's seed.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.RandomNormal(seed=1)((2, 3)).shape
        (2, 3)
    """

    mean: float = number(default=0.0)
    stddev: float = number(default=0.05, low=0)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return _normal(shape, self.mean, self.stddev, rng)


class RandomUniform(RandomInitializer):
    """Uniform distribution between `minval` and `maxval`.

    Args:
        minval: Lower end.
        maxval: Upper end.
        seed: Seed of the draws; None to follow the model's seed.

    Example:
        >>> import pellucid
        >>> bool(abs(pellucid.initializers.RandomUniform()((100,))).max() <= 0.05)
        True
    """

    minval: float = number(default=-0.05)
    maxval: float = number(default=0.05)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return _uniform(shape, self.minval, self.maxval, rng)


class TruncatedNormal(RandomInitializer):
    """Normal distribution cut off at two standard deviations; what falls outside is drawn again.

    Args:
        mean: Mean.
        stddev: Standard deviation before the cut, at least 0.
        seed: Seed of the draws; None to follow the model's seed.

    Example:
        >>> import pellucid
        >>> bool(abs(pellucid.initializers.TruncatedNormal()((100,))).max() <= 0.1)
        True
    """

    mean: float = number(default=0.0)
    stddev: float = number(default=0.05, low=0)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return _truncated_normal(shape, self.mean, self.stddev, rng)


def compute_fans(
    shape: Sequence[int],
    input_axes: Sequence[int] | None = None,
    output_axes: Sequence[int] | None = None,
) -> tuple[int, int]:
    """Return how many inputs one output sees, and how many outputs one input reaches.

    The axes before the last two, those of a convolution's window, count for both.

    Example:
        >>> from pellucid.initializers import compute_fans
        >>> compute_fans((3, 3, 8, 16))
        (72, 144)
    """
    if input_axes is not None and output_axes is not None:
        inputs = math.prod(shape[axis] for axis in input_axes)
        return inputs, math.prod(shape[axis] for axis in output_axes)
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


def _to_distribution(value: Any) -> str:
    known = ("uniform", "truncated_normal", "untruncated_normal")
    name = value.lower() if isinstance(value, str) else value
    name = "truncated_normal" if name == "normal" else name
    if name not in known:
        raise Refusal("one of " + ", ".join(repr(one) for one in known))
    return name


def _to_axes(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, (tuple, list)) or not all(isinstance(one, int) for one in value):
        raise Refusal("axis numbers, such as (0, 1)")
    return tuple(value)


MODES = ("fan_in", "fan_out", "fan_avg")


def _draw_scaled(owner: Any, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
    """Return draws with variance `owner.scale / fan`, from the owner's distribution."""
    fan_in, fan_out = compute_fans(shape, owner.input_axes, owner.output_axes)
    fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    variance = owner.scale / max(1.0, fans[owner.mode])
    if owner.distribution == "uniform":
        limit = math.sqrt(3.0 * variance)
        return _uniform(shape, -limit, limit, rng)
    if owner.distribution == "untruncated_normal":
        return _normal(shape, 0.0, math.sqrt(variance), rng)
    return _truncated_normal(shape, 0.0, math.sqrt(variance) / TRUNCATED_STDDEV, rng)


class VarianceScaling(RandomInitializer):
    """Draws of variance `scale / n`, where n counts inputs, outputs or both.

    Args:
        scale: Factor, above 0.
        mode: "fan_in" (n = inputs of one output), "fan_out" or "fan_avg" (their mean).
        distribution: "truncated_normal", "untruncated_normal" or "uniform".
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.VarianceScaling(2.0, "fan_avg", "uniform")((2, 3)).shape
        (2, 3)

    Source: Glorot and Bengio (2010); He et al. (2015).
    """

    scale: float = number(default=1.0, above=0)
    mode: str = choice(("fan_in", "fan_out", "fan_avg"), default="fan_in")
    distribution: str = option(default="truncated_normal", convert=_to_distribution)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)
    input_axes: Any = option(default=None, convert=_to_axes)
    output_axes: Any = option(default=None, convert=_to_axes)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return _draw_scaled(self, shape, rng)


class _Recipe(RandomInitializer):
    """Variance scaling with the scale, mode and distribution of a published recipe."""

    scale: ClassVar[float]
    mode: ClassVar[str]
    distribution: ClassVar[str]

    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)
    input_axes: Any = option(default=None, convert=_to_axes)
    output_axes: Any = option(default=None, convert=_to_axes)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        return _draw_scaled(self, shape, rng)


class GlorotNormal(_Recipe):
    """Truncated normal distribution of variance `2 / (inputs + outputs)`.

    Args:
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.GlorotNormal(seed=1)((2, 3)).shape
        (2, 3)

    Source: Glorot and Bengio, "Understanding the Difficulty of Training Deep Networks" (2010).
    """

    scale: ClassVar[float] = 1.0
    mode: ClassVar[str] = "fan_avg"
    distribution: ClassVar[str] = "truncated_normal"


class GlorotUniform(_Recipe):
    """Uniform distribution of variance `2 / (inputs + outputs)`.

    Args:
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.GlorotUniform(seed=1)((2, 3)).shape
        (2, 3)

    Source: Glorot and Bengio, "Understanding the Difficulty of Training Deep Networks" (2010).
    """

    scale: ClassVar[float] = 1.0
    mode: ClassVar[str] = "fan_avg"
    distribution: ClassVar[str] = "uniform"


class HeNormal(_Recipe):
    """Truncated normal distribution of variance `2 / inputs`.

    Args:
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.HeNormal(seed=1)((2, 3)).shape
        (2, 3)

    Source: He et al., "Delving Deep into Rectifiers" (2015).
    """

    scale: ClassVar[float] = 2.0
    mode: ClassVar[str] = "fan_in"
    distribution: ClassVar[str] = "truncated_normal"


class HeUniform(_Recipe):
    """Uniform distribution of variance `2 / inputs`.

    Args:
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.HeUniform(seed=1)((2, 3)).shape
        (2, 3)

    Source: He et al., "Delving Deep into Rectifiers" (2015).
    """

    scale: ClassVar[float] = 2.0
    mode: ClassVar[str] = "fan_in"
    distribution: ClassVar[str] = "uniform"


class LecunNormal(_Recipe):
    """Truncated normal distribution of variance `1 / inputs`.

    Args:
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.LecunNormal(seed=1)((2, 3)).shape
        (2, 3)

    Source: LeCun et al., "Efficient BackProp" (1998).
    """

    scale: ClassVar[float] = 1.0
    mode: ClassVar[str] = "fan_in"
    distribution: ClassVar[str] = "truncated_normal"


class LecunUniform(_Recipe):
    """Uniform distribution of variance `1 / inputs`.

    Args:
        seed: Seed of the draws; None to follow the model's seed.
        input_axes: Axes of the weight that count inputs; found from the shape when None.
        output_axes: Axes of the weight that count outputs.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.LecunUniform(seed=1)((2, 3)).shape
        (2, 3)

    Source: LeCun et al., "Efficient BackProp" (1998).
    """

    scale: ClassVar[float] = 1.0
    mode: ClassVar[str] = "fan_in"
    distribution: ClassVar[str] = "uniform"


class Orthogonal(RandomInitializer):
    """A random matrix with orthogonal rows or columns, whichever are fewer, times `gain`.

    All axes but the last are taken together as rows.

    Args:
        gain: Factor.
        seed: Seed of the draws; None to follow the model's seed.

    Raises:
        ShapeError: The weight has fewer than two axes.

    Example:
        >>> import numpy as np, pellucid
        >>> w = pellucid.initializers.Orthogonal()((2, 2))
        >>> bool(np.allclose(w @ w.T, np.eye(2), atol=1e-6))
        True

    Source: Saxe et al., "Exact Solutions to the Nonlinear Dynamics of Learning" (2014).
    """

    gain: float = number(default=1.0)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED)

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        if len(shape) < 2:
            raise ShapeError(
                f"Orthogonal: got a weight of shape {tuple(shape)}, expected at least two axes."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
        directions, triangle = _qr(tall)
        # Without the signs the directions would not be uniformly distributed.
        directions = directions * np.sign(np.diag(triangle))
        matrix = directions if rows >= columns else directions.T
        return (self.gain * matrix).reshape(shape).astype(np.float32)


def _qr(tall: NumpyArray) -> tuple[NumpyArray, NumpyArray]:
    """Return the QR decomposition, found on one thread.

    Several threads take longer to meet than such matrices take to compute, and how many there are
    would change the last bits.
    """
    from threadpoolctl import threadpool_limits

    with BLAS, threadpool_limits(1, "blas"):
        return np.linalg.qr(tall)


class FunctionInitializer(Initializer):
    """An initialiser made from a plain function `f(shape, dtype)`; it cannot be saved."""

    function: Callable[..., Any] = option()

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> NumpyArray:
        takes_type = len(inspect.signature(self.function).parameters) > 1
        values = self.function(shape, dtype="float32") if takes_type else self.function(shape)
        array = np.array(values, np.float32)
        if array.shape != tuple(shape):
            raise ShapeError(
                f"initializer {getattr(self.function, '__name__', self.function)!r}: got an array "
                f"of shape {array.shape}, expected the weight's shape {tuple(shape)}."
            )
        return array


INITIALIZERS = Vocabulary(
    "initializer",
    {
        cls.__name__: cls
        for cls in (
            Constant,
            GlorotNormal,
            GlorotUniform,
            HeNormal,
            HeUniform,
            Identity,
            LecunNormal,
            LecunUniform,
            Ones,
            Orthogonal,
            RandomNormal,
            RandomUniform,
            STFT,
            TruncatedNormal,
            VarianceScaling,
            Zeros,
        )
    },
    aliases={
        "IdentityInitializer": "Identity",
        "OrthogonalInitializer": "Orthogonal",
        "STFTInitializer": "STFT",
        "normal": "RandomNormal",
        "one": "Ones",
        "uniform": "RandomUniform",
        "zero": "Zeros",
    },
    wrap=FunctionInitializer,
)

IdentityInitializer = Identity
OrthogonalInitializer = Orthogonal
STFTInitializer = STFT
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
identity = Identity
lecun_normal = LecunNormal
lecun_uniform = LecunUniform
ones = Ones
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
stft = STFT
truncated_normal = TruncatedNormal
variance_scaling = VarianceScaling
zeros = Zeros


def get(identifier: Any) -> Any:
    """Return the initialiser meant by a name, class, configuration, function, array or object.

    Example:
        >>> import pellucid
        >>> pellucid.initializers.get("he_normal")
        HeNormal()
    """
    if isinstance(identifier, (np.ndarray, np.generic)) or hasattr(identifier, "aval"):
        return Constant(np.asarray(identifier))
    return INITIALIZERS.get(identifier)
