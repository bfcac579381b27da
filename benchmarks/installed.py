"""Prints the bytes that a user installs for the distributions named as arguments.

Counts their files and those of everything they require, compiled Python left out. Run by the
interpreter of the environment in question; needs the standard library alone.
"""

import os
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution


def requirements(name: str, seen: dict[str, Distribution]) -> None:
    """Add to `seen` the distribution `name` and all it requires, as far as installed."""
    key = re.sub(r"[-_.]+", "-", name).lower()
    if key in seen:
        return
    try:
        seen[key] = distribution(key)
    except PackageNotFoundError:
        return
    for one in seen[key].requires or []:
        if "extra ==" not in one:
            requirements(re.split(r"[^A-Za-z0-9._-]", one.strip(), maxsplit=1)[0], seen)


def size(found: Distribution) -> int:
    """Return the bytes of a distribution's files."""
    files = [str(file.locate()) for file in found.files or [] if file.suffix != ".pyc"]
    return sum(os.path.getsize(file) for file in files if os.path.exists(file))


def main() -> None:
    seen: dict[str, Distribution] = {}
    for name in sys.argv[1:]:
        requirements(name, seen)
    print(sum(size(found) for found in seen.values()))


if __name__ == "__main__":
    main()
