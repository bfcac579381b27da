"""Letting go of what the process keeps between models."""

from pellucid import session


def clear_session(free_memory: bool = True) -> None:
    """Free the compiled programs that are kept for the next model of the same structure.

    Models stay usable: a program that is needed again is compiled again. Nothing needs this
    call for memory's sake, since programs are kept by structure and not by model.

    Args:
        free_memory: Accepted as in Keras.

    Example:
        >>> import pellucid.utils
        >>> pellucid.utils.clear_session()

    Differs from Keras: layers have no global counters, so there are none to reset.
    """
    session.clear()
