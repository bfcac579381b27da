"""What `from package import name` is answered with where the package has no such name."""

import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import Any


class _Answering(MetaPathFinder):
    """Asked last of all, when a name is neither in the package nor a module of it."""

    def __init__(self, package: str, answer: Callable[[str], str]) -> None:
        self.package, self.answer = package, answer

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> None:
        package, _, name = fullname.rpartition(".")
        if package == self.package and not name.startswith("_"):
            raise ImportError(self.answer(name), name=fullname)


def answer_imports(package: str, answer: Callable[[str], str]) -> None:
    """Let the import of an unknown name from a package fail with a text of ours.

    Python drops what the package's `__getattr__` says of an attribute, and looks for a module of
    that name instead; what comes of this search is what the user reads.

    Args:
        package: Name of the package.
        answer: Makes the text of the `ImportError` from the unknown name.

    Example:
        >>> from pellucid.layers import Dens
        Traceback (most recent call last):
        ImportError: pellucid.layers: got the unknown name 'Dens', expected that of a layer. \
Did you mean 'Dense'?
    """
    sys.meta_path.append(_Answering(package, answer))
