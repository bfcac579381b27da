"""Import the modules of `benchmarks/`, which is no package, as its scripts import each other."""

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@contextmanager
def imported() -> Iterator[Callable[[str], ModuleType]]:
    """Give a function that imports a module of the benchmarks.

    A folder of tests can go by the name of a benchmark (`report`), and once it has been imported
    Python would give it instead; so such modules step aside, and come back afterwards.
    """
    own = {path.stem for path in BENCHMARKS.iterdir()}

    def taken() -> dict[str, ModuleType]:
        return {name: one for name, one in sys.modules.items() if name.split(".")[0] in own}

    aside = taken()
    for name in aside:
        del sys.modules[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        yield importlib.import_module
    for name in taken():
        del sys.modules[name]
    sys.modules.update(aside)


@pytest.fixture
def module() -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that imports a module of the benchmarks, anew in each test."""
    with imported() as import_one:
        yield import_one


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Callable[[str], ModuleType]]:
    """Return a function that imports a module of the benchmark of the diagnosis."""
    with imported() as import_one:
        yield lambda name: import_one(f"diagnosis.{name}")
