"""The house stands: rows, cycles, dependencies, and what no module may do.

The checks read the source without running it. Each is tried on a small false tree too, so that
a check that has stopped looking is noticed.
"""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
SOURCE = PROJECT / "src" / "pellucid"

ROWS: Mapping[int, tuple[str, ...]] = {
    0: (
        "errors",
        "types",
        "description",
        "tunable",
        "keywords",
        "imports",
        "vocabulary",
        "tree",
        "wording",
        "text_table",
        "seed",
        "session",
        "cores",
        "atomic",
        "processor",
        "drawing",
        "picture",
        "page",
        "environment",
    ),
    1: ("ops", "data"),
    2: (
        "activations",
        "initializers",
        "regularizers",
        "constraints",
        "layers",
        "losses",
        "metrics",
        "optimizers",
    ),
    3: ("graph",),
    4: ("saving",),
    5: ("training",),
    6: ("insight", "report"),
    7: ("models", "callbacks", "utils", "preprocessing", "backend", "decoding"),
    8: ("tuning", "estimators"),
    10: ("tasks",),
    12: ("cli", "__main__"),
}
ROOF = 12
"""The row of `pellucid/__init__.py`, which offers everything and imports it when asked."""

DEFERRING = ("pellucid", "pellucid.cli")
"""Modules that import Pellucid inside functions, to be quick: the lazy namespace, the commands."""

WITHOUT_JAX = ("pellucid.errors", "pellucid.types", "pellucid.data", "pellucid.cli", "pellucid")
"""Modules, with all below them but the roof, that must not import JAX when they are imported."""

QUICK = ("jax", "jaxlib", "ml_dtypes", "numpy")
"""Third-party packages that any module may import at its top; others wait for their function."""

QUICK_IN = {
    "pellucid.cli": ("cyclopts",),
    "pellucid.estimators": ("sklearn", "joblib"),
    "pellucid.picture": ("matplotlib",),
    "pellucid.training.live": ("rich",),
}
"""Modules built on a heavy package, which other modules therefore import inside functions."""

BROUGHT_ALONG = ("jaxlib", "ml_dtypes", "scipy", "joblib")
"""What jax and scikit-learn bring."""

IMPORTED_AS = {"scikit-learn": "sklearn", "pillow": "PIL", "tensorboardx": "tensorboardX"}
"""Distributions whose import name differs from their own."""

CODE_RUNNERS = ("pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "runpy")
NO_READER = ("joblib.parallel",)
"""Modules of such packages that read no files."""

CODE_BUILTINS = ("eval", "exec", "__import__")


@dataclass(frozen=True)
class Import:
    """One import: of what, where, and whether it waits for a call or serves type checkers."""

    target: str
    line: int
    in_function: bool
    for_types: bool


@dataclass(frozen=True)
class Module:
    """One source file."""

    name: str
    path: str
    tree: ast.Module
    imports: tuple[Import, ...]

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"


# -- reading the source ---------------------------------------------------------------------


def read_tree(root: Path) -> dict[str, Module]:
    """Return every module of the package in `root`, by its full name."""
    paths = {_name(root, path): path for path in sorted(root.rglob("*.py"))}
    modules = {}
    for name, path in paths.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        finder = _Imports(name, is_package=path.name == "__init__.py", known=set(paths))
        finder.visit(tree)
        modules[name] = Module(
            name, path.relative_to(root.parent).as_posix(), tree, tuple(finder.found)
        )
    return modules


def _name(root: Path, path: Path) -> str:
    parts = path.relative_to(root.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class _Imports(ast.NodeVisitor):
    """Collects the imports of one module, functions included."""

    def __init__(self, name: str, *, is_package: bool, known: set[str]) -> None:
        self.name, self.is_package, self.known = name, is_package, known
        self.depth = 0
        self.for_types = False
        self.found: list[Import] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.depth += 1
        self.generic_visit(node)
        self.depth -= 1

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" not in ast.unparse(node.test):
            self.generic_visit(node)
            return
        self.for_types = True
        for child in node.body:
            self.visit(child)
        self.for_types = False
        for child in node.orelse:
            self.visit(child)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        package = self._package(node)
        for alias in node.names:
            inner = f"{package}.{alias.name}"
            self._add(inner if inner in self.known else package, node)

    def _package(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = node.level - 1 if self.is_package else node.level
        parts = self.name.split(".")
        base = parts[: len(parts) - above]
        return ".".join([*base, *([node.module] if node.module else [])])

    def _add(self, target: str, node: ast.stmt) -> None:
        one = Import(target, node.lineno, self.depth > 0, self.for_types)
        if one not in self.found:
            self.found.append(one)


def _is_own(target: str) -> bool:
    return target == "pellucid" or target.startswith("pellucid.")


def _within(name: str, packages: tuple[str, ...]) -> bool:
    """Say whether `name` is, or lies in, one of `packages`; the roof has nothing in it."""
    return any(
        name == package or (package != "pellucid" and name.startswith(package + "."))
        for package in packages
    )


# -- the checks: each yields what is wrong --------------------------------------------------


def row_of(name: str) -> int | None:
    """Return the row of a module, or None if the house has no place for it."""
    if name == "pellucid":
        return ROOF
    first = name.split(".")[1]
    return next((row for row, names in ROWS.items() if first in names), None)


def misplaced(modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield modules without a row, and imports from rows below."""
    for module in modules.values():
        own = row_of(module.name)
        if own is None:
            yield f"{module.path}: has no row; give it one in ROWS and in docs/architecture.md"
            continue
        for one in filter(lambda one: _is_own(one.target), module.imports):
            other = row_of(one.target)
            if other is None or other > own:
                where = module.at(one.line)
                yield f"{where}: row {own} imports {one.target}, which is row {other}"


def cycles(modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield each ring of modules that import one another."""
    edges = {name: sorted(_runs(module, modules)) for name, module in modules.items()}
    finished: set[str] = set()

    def follow(name: str, trail: list[str]) -> Iterator[str]:
        if name in trail:
            yield " -> ".join([*trail[trail.index(name) :], name])
            return
        if name in finished:
            return
        for target in edges[name]:
            yield from follow(target, [*trail, name])
        finished.add(name)

    for name in edges:
        yield from follow(name, [])


def _runs(module: Module, modules: Mapping[str, Module]) -> set[str]:
    """Return the modules that run because `module` imports them, its own packages left out.

    Imports inside functions count: they hide a ring, they do not open it. Those that serve type
    checkers alone never run.
    """
    found: set[str] = set()
    for one in module.imports:
        if not _is_own(one.target) or one.for_types or module.name == "pellucid":
            continue
        parts = one.target.split(".")
        packages = {".".join(parts[:size]) for size in range(2, len(parts) + 1)}
        inside = {name for name in packages if module.name.startswith(name + ".")}
        found |= packages - (inside - {one.target})
    return (found & set(modules)) - {module.name}


def deferred(modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield imports of Pellucid inside functions: a cure for cycles that hides them."""
    for module in modules.values():
        if _within(module.name, DEFERRING):
            continue
        for one in module.imports:
            if one.in_function and _is_own(one.target) and one.target not in QUICK_IN:
                yield f"{module.at(one.line)}: imports {one.target} inside a function"


def undocumented(modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield public modules without a docstring."""
    for module in modules.values():
        private = module.name.rsplit(".", 1)[-1].startswith("_")
        if not private and not ast.get_docstring(module.tree):
            yield f"{module.path}: has no docstring"


def running_code(modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield whatever could turn data into running code."""
    for module in modules.values():
        for one in module.imports:
            if one.target.split(".")[0] in CODE_RUNNERS and one.target not in NO_READER:
                yield f"{module.at(one.line)}: imports {one.target}"
        for node in ast.walk(module.tree):
            found = _runs_code(node)
            if found is None or (found == "import_module" and module.name == "pellucid"):
                continue
            yield f"{module.at(node.lineno)}: uses {found}"  # type: ignore[attr-defined]


def _runs_code(node: ast.AST) -> str | None:
    read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    if read and node.id in CODE_BUILTINS:
        return node.id
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "compile":
        return "compile"  # as a name of something else it is common: models are compiled
    named = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    if named == "import_module":
        return named
    if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
        refused = isinstance(node.value, ast.Constant) and node.value.value is False
        return None if refused else "allow_pickle"
    return None


def undeclared(modules: Mapping[str, Module], base: set[str], extras: set[str]) -> Iterator[str]:
    """Yield third-party imports that the project does not declare, or makes too early."""
    for module in modules.values():
        quick = {*QUICK, *_quick_in(module.name)}
        for one in module.imports:
            top = one.target.split(".")[0]
            if top in sys.stdlib_module_names or _is_own(one.target):
                continue
            if top not in {*base, *extras, *BROUGHT_ALONG}:
                yield f"{module.at(one.line)}: {top} is no declared dependency"
            elif not (top in quick or one.in_function or one.for_types):
                yield f"{module.at(one.line)}: imports {top} at the top, not where it is needed"


def _quick_in(name: str) -> set[str]:
    return {one for place, names in QUICK_IN.items() if _within(name, (place,)) for one in names}


def jax_at_import(modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield imports that bring JAX into modules which must do without."""
    heavy = _reaches_jax(modules)
    for module in modules.values():
        if not _within(module.name, WITHOUT_JAX):
            continue
        for one in module.imports:
            if one.in_function or one.for_types:
                continue
            if one.target.split(".")[0] == "jax" or one.target in heavy:
                yield f"{module.at(one.line)}: {one.target} brings JAX"


def _reaches_jax(modules: Mapping[str, Module]) -> set[str]:
    """Return the modules whose import, by themselves or through others, imports JAX."""
    tops = {
        name: {one.target for one in module.imports if not (one.in_function or one.for_types)}
        for name, module in modules.items()
    }
    heavy = {name for name, found in tops.items() if any(re.match(r"jax\b", one) for one in found)}
    while more := {name for name, found in tops.items() if found & heavy} - heavy:
        heavy |= more
    return heavy


# -- what the project declares --------------------------------------------------------------


def _import_names(requirements: list[str]) -> set[str]:
    names = [re.split(r"[\[<>=~!;, ]", one, maxsplit=1)[0].lower() for one in requirements]
    return {IMPORTED_AS.get(name, name.replace("-", "_")) for name in names}


def declared() -> tuple[set[str], set[str]]:
    """Return the import names of the base dependencies, and of the extras for users."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = {
        one
        for name, requirements in project["optional-dependencies"].items()
        if name != "dev"
        for one in _import_names(requirements)
    }
    return _import_names(project["dependencies"]), extras


@pytest.fixture(scope="module")
def house() -> dict[str, Module]:
    return read_tree(SOURCE)


# -- the house ------------------------------------------------------------------------------


def test_a_module_imports_only_from_its_own_row_or_rows_above(house):
    assert list(misplaced(house)) == []


def test_no_modules_import_one_another_in_a_ring(house):
    assert list(cycles(house)) == []


def test_no_function_imports_pellucid(house):
    assert list(deferred(house)) == []


def test_every_public_module_has_a_docstring(house):
    assert list(undocumented(house)) == []


def test_nothing_can_turn_data_into_running_code(house):
    assert list(running_code(house)) == []


def test_third_party_imports_are_declared_and_wait_until_needed(house):
    assert list(undeclared(house, *declared())) == []


def test_data_and_commands_do_without_jax(house):
    assert list(jax_at_import(house)) == []


def test_base_dependencies_are_the_chosen_few():
    base, _ = declared()
    chosen = (
        "jax numpy scipy threadpoolctl safetensors sklearn polars narwhals rich cyclopts matplotlib"
    )
    assert base == set(chosen.split())


def test_every_dependency_is_accounted_for():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[\[<>=]", one, maxsplit=1)[0] for group in groups for one in group}
    page = (PROJECT / "docs" / "dependencies.md").read_text()
    assert sorted(name for name in names if f"| {name} |" not in page) == []


def test_every_row_of_the_house_is_on_the_page():
    page = (PROJECT / "docs" / "architecture.md").read_text()
    shown = {row: names for row, names in re.findall(r"^\| (\d+) \| ([^|]+) \|", page, re.M)}
    rows = {str(row): {n for n in names if n != "__main__"} for row, names in ROWS.items()}
    assert {row: set(re.findall(r"`(\w+)/?`", names)) for row, names in shown.items()} == rows


HEAVY = ("jax", "sklearn", "polars", "matplotlib", "safetensors", "pandas")


def _loaded(code: str) -> list[str]:
    """Return which heavy packages are loaded after `code` has run in a fresh interpreter."""
    ask = f"print('loaded:', *[name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{ask}"],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.rsplit("loaded:", 1)[1].split()


@pytest.mark.parametrize("name", ["pellucid", "pellucid.cli", "pellucid.data"])
def test_a_light_import_loads_nothing_heavy(name):
    assert _loaded(f"import {name}") == []


def test_a_model_is_at_hand_before_what_draws_or_reads_tables():
    assert _loaded("from pellucid import Sequential, layers, losses, optimizers") == ["jax"]


def test_help_loads_nothing_heavy():
    code = """
from pellucid.cli import main
sys.argv = ["pellucid", "--help"]
try:
    main()
except SystemExit as ending:
    assert not ending.code, ending.code
"""
    assert _loaded(code) == []


def test_the_probe_for_heavy_packages_sees_them():
    assert _loaded("import jax") == ["jax"]


# -- the checks themselves, on false trees --------------------------------------------------


def _false_tree(folder: Path, files: Mapping[str, str]) -> dict[str, Module]:
    root = folder / "pellucid"
    for name, source in {"__init__.py": '"""Roof."""', **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return read_tree(root)


CHECKS = {
    "misplaced": misplaced,
    "cycles": cycles,
    "deferred": deferred,
    "undocumented": undocumented,
    "running_code": running_code,
    "jax_at_import": jax_at_import,
    "undeclared": lambda modules: undeclared(
        modules, {"jax", "numpy", "polars", "matplotlib"}, {"optuna"}
    ),
}

FALSE_TREES = [
    (
        "misplaced",
        {"layers/dense.py": "from pellucid.models import fit", "models/__init__.py": ""},
        ["pellucid/layers/dense.py:1: row 2 imports pellucid.models, which is row 7"],
    ),
    (
        "misplaced",
        {"layers/dense.py": "def f():\n    from .. import models", "models/__init__.py": ""},
        ["pellucid/layers/dense.py:2: row 2 imports pellucid.models, which is row 7"],
    ),
    (
        "misplaced",
        {"losses/mse.py": "from pellucid import Sequential"},
        ["pellucid/losses/mse.py:1: row 2 imports pellucid, which is row 12"],
    ),
    (
        "misplaced",
        {"helpers.py": ""},
        ["pellucid/helpers.py: has no row; give it one in ROWS and in docs/architecture.md"],
    ),
    (
        "cycles",
        {"losses/a.py": "import pellucid.losses.b", "losses/b.py": "from . import a"},
        ["pellucid.losses.a -> pellucid.losses.b -> pellucid.losses.a"],
    ),
    (
        "cycles",
        {
            "losses/a.py": "def f():\n    from pellucid.losses import b",
            "losses/b.py": "from . import a",
        },
        ["pellucid.losses.a -> pellucid.losses.b -> pellucid.losses.a"],
    ),
    (
        "cycles",
        {
            "layers/__init__.py": "from pellucid.layers.dense import Dense",
            "layers/dense.py": "from pellucid import initializers",
            "layers/weight.py": "",
            "initializers.py": "from pellucid.layers.weight import Weight",
        },
        [
            "pellucid.initializers -> pellucid.layers -> pellucid.layers.dense"
            " -> pellucid.initializers"
        ],
    ),
    (
        "cycles",
        {
            "layers/__init__.py": "from pellucid.layers.dense import Dense",
            "layers/dense.py": "from pellucid.layers import Layer",
        },
        ["pellucid.layers -> pellucid.layers.dense -> pellucid.layers"],
    ),
    (
        "deferred",
        {"models/fit.py": "def fit():\n    from pellucid.saving import save", "saving.py": ""},
        ["pellucid/models/fit.py:2: imports pellucid.saving inside a function"],
    ),
    (
        "undocumented",
        {"ops/norm.py": "x = 1", "ops/_norm.py": "x = 1"},
        ["pellucid/ops/norm.py: has no docstring"],
    ),
    (
        "running_code",
        {"saving/read.py": "import pickle\ncompile(eval('1'))\nnp.load(f, allow_pickle=yes)"},
        [
            "pellucid/saving/read.py:1: imports pickle",
            "pellucid/saving/read.py:2: uses compile",
            "pellucid/saving/read.py:2: uses eval",
            "pellucid/saving/read.py:3: uses allow_pickle",
        ],
    ),
    (
        "running_code",
        {"estimators/run.py": "from joblib.parallel import Parallel\nfrom joblib import load"},
        ["pellucid/estimators/run.py:2: imports joblib"],
    ),
    (
        "running_code",
        {"saving/read.py": "from importlib import import_module\nimport_module(name)"},
        ["pellucid/saving/read.py:2: uses import_module"],
    ),
    (
        "undeclared",
        {"data/read.py": "import os\nimport polars\nimport pandas\nimport numpy"},
        [
            "pellucid/data/read.py:2: imports polars at the top, not where it is needed",
            "pellucid/data/read.py:3: pandas is no declared dependency",
        ],
    ),
    (
        "undeclared",
        {"cli/__init__.py": "import cyclopts, optuna"},
        [
            "pellucid/cli/__init__.py:1: cyclopts is no declared dependency",
            "pellucid/cli/__init__.py:1: imports optuna at the top, not where it is needed",
        ],
    ),
    (
        "jax_at_import",
        {
            "tree.py": "import jax.numpy as jnp",
            "ops/scale.py": "from pellucid import tree",
            "data/scale.py": "from pellucid.ops import scale",
        },
        ["pellucid/data/scale.py:1: pellucid.ops.scale brings JAX"],
    ),
]


@pytest.mark.parametrize(("check", "files", "expected"), FALSE_TREES)
def test_a_check_sees_what_is_wrong(tmp_path, check, files, expected):
    assert sorted(CHECKS[check](_false_tree(tmp_path, files))) == sorted(expected)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_leaves_a_sound_tree_alone(tmp_path, check):
    sound = {
        "__init__.py": '"""Roof."""\nfrom importlib import import_module\nimport_module("x")',
        "tree.py": '"""T."""\nimport jax\nfrom jaxlib import version',
        "picture.py": '"""P."""\nimport matplotlib',
        "drawing.py": '"""D."""\ndef draw():\n    from pellucid.picture import Picture',
        "losses/a.py": '"""A."""\nfrom pellucid.losses import b',
        "losses/b.py": '"""B."""\nif TYPE_CHECKING:\n    from pellucid.losses.a import A',
        "layers/__init__.py": '"""L."""\nfrom pellucid.layers.dense import Dense',
        "layers/base.py": '"""B."""\nfrom pellucid import tree',
        "layers/dense.py": "'D.'\nfrom .base import B\ndef f(m, compile):\n    m.compile(compile)",
        "data/__init__.py": '"""D."""\ndef read():\n    import polars',
        "cli/__init__.py": '"""C."""\ndef train():\n    from pellucid.layers import Dense',
    }
    assert list(CHECKS[check](_false_tree(tmp_path, sound))) == []


def test_every_check_has_a_false_tree():
    assert {check for check, _, _ in FALSE_TREES} == set(CHECKS)
