"""What is left of Keras's backend functions (the rest are `jax.numpy`'s), and the cores to use."""

from pellucid.cores import get_cores as get_cores
from pellucid.cores import set_cores as set_cores
from pellucid.utils import clear_session as clear_session


def epsilon() -> float:
    """Return the small number that keeps divisions finite.

    Example:
        >>> import pellucid
        >>> pellucid.backend.epsilon()
        1e-07
    """
    return 1e-7


def floatx() -> str:
    """Return the type in which weights are kept.

    Example:
        >>> import pellucid
        >>> pellucid.backend.floatx()
        'float32'
    """
    return "float32"
