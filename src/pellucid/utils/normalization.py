"""Vectors scaled to length one."""

import numpy as np

from pellucid.errors import Problem, report
from pellucid.types import ArrayLike, NumpyArray


def normalize(x: ArrayLike, axis: int = -1, order: float = 2) -> NumpyArray:
    """Return `x / norm(x)` along an axis, where `norm(x) = sum(|x|**order) ** (1 / order)`.

    A vector of zeros stays zeros.

    Args:
        x: Numbers, shape (..., size, ...).
        axis: The axis along which a vector lies.
        order: The order of the norm: 2 for the length, 1 for the sum of sizes, `numpy.inf`
            for the largest.

    Returns:
        A new array of the shape of `x`.

    Raises:
        ArgumentError: `x` has no such axis, or `order` is not above 0.

    Example:
        >>> from pellucid.utils import normalize
        >>> normalize([[3.0, 4.0], [0.0, 0.0]])
        array([[0.6, 0.8],
               [0. , 0. ]])

    Differs from Keras: `axis=0` normalises along axis 0 (Keras divides by norms of the wrong
    axis there), and a JAX array comes back as a NumPy array.
    """
    values = np.atleast_1d(np.asarray(x))
    problems = []
    if not -values.ndim <= axis < values.ndim:
        expected = f"an axis of an array of shape {values.shape}"
        problems.append(Problem("normalize(axis=...)", repr(axis), expected))
    if not order > 0:
        problems.append(Problem("normalize(order=...)", repr(order), "a number above 0"))
    report(problems)
    norm = np.linalg.norm(values, order, axis, keepdims=True)
    return values / np.where(norm == 0, 1, norm)
