"""Who is measured, and the environment that each runs in.

Environments are made under `.bench/` once and kept. PELLUCID_BENCH_ENVS names a folder of
environments made earlier (`torch`, `kerasjax`, `kerastf`, `kerastorch`, `sklearn`, and
`pellucid`, for which the running Python stands in if it is missing there).
"""

import os
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent
BENCH = PROJECT / ".bench"
TORCH = "torch==2.13.0"  # a build for CPUs where the package index has one


@dataclass(frozen=True)
class Peer:
    """One framework in one way of use.

    Args:
        key: Short name, in files and on the command line.
        label: Name in the tables.
        environment: Name of its environment.
        module: Its file in `benchmarks/peers/`.
        imports: What its users write to have layers, losses and optimisers at hand.
        needs: The distributions that its users install.
        settings: Environment variables it runs under.
        cache: Variables that make it keep compiled programs in the folder `{cache}`.
        dropout: Whether it has dropout.
        whole: Whether it takes part in the measurements of whole processes.
    """

    key: str
    label: str
    environment: str
    module: str
    imports: str
    needs: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    cache: dict[str, str] = field(default_factory=dict)
    dropout: bool = True
    whole: bool = True


JAX_CACHE = {
    "JAX_COMPILATION_CACHE_DIR": "{cache}",
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
QUIET_TF = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}

PELLUCID = Peer(
    "pellucid",
    "Pellucid",
    "pellucid",
    "pellucid_fit",
    "from pellucid import Sequential, layers, losses, optimizers",
    ("pellucid",),
    cache={"PELLUCID_CACHE": "{cache}"},
)
PEERS = (
    PELLUCID,
    Peer(
        "kerasjax",
        "Keras on JAX",
        "kerasjax",
        "keras_fit",
        "import keras",
        ("keras", "jax"),
        {"KERAS_BACKEND": "jax"},
        JAX_CACHE,
    ),
    Peer(
        "kerastf",
        "Keras on TensorFlow",
        "kerastf",
        "keras_fit",
        "import keras",
        ("keras", "tensorflow-cpu"),
        QUIET_TF,
    ),
    Peer(
        "kerastorch",
        "Keras on torch",
        "kerastorch",
        "keras_fit",
        "import keras",
        ("keras", "torch"),
        {"KERAS_BACKEND": "torch"},
    ),
    Peer("torch", "torch, eager", "torch", "torch_eager", "import torch", ("torch", "numpy")),
    Peer(
        "torchfused",
        "torch, eager, fused Adam",
        "torch",
        "torch_eager",
        "import torch",
        ("torch", "numpy"),
        {"PEER_FUSED": "1"},
        whole=False,
    ),
    Peer(
        "sklearn",
        "scikit-learn",
        "sklearn",
        "sklearn_mlp",
        "from sklearn.neural_network import MLPClassifier",
        ("scikit-learn",),
        dropout=False,
    ),
)

RECIPES: dict[str, list[list[str]]] = {
    "pellucid": [[str(PROJECT)]],
    "kerasjax": [["keras>=3.15", "jax>=0.10,<0.13"]],
    "kerastf": [["keras>=3.15", "tensorflow-cpu"]],
    # torch first and alone, or Keras's own requirements may bring another build of it.
    "kerastorch": [[TORCH], ["keras>=3.15", "numpy"]],
    "torch": [[TORCH], ["numpy"]],
    "sklearn": [["scikit-learn"]],
}


def python_of(name: str) -> str:
    """Return the interpreter of environment `name`, making the environment if needed."""
    kept = os.environ.get("PELLUCID_BENCH_ENVS")
    if kept:
        python = _interpreter(Path(kept) / name)
        if python.exists():
            return str(python)
        if name == "pellucid":
            return sys.executable
    return str(_made(name))


def _interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _made(name: str) -> Path:
    folder = BENCH / name
    python, stamp = _interpreter(folder), folder / "made.stamp"
    if not stamp.exists():
        print(f"making the environment of {name} …", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        for packages in RECIPES[name]:
            _install(python, packages)
        stamp.touch()
    elif name == "pellucid":
        # The source may have changed since.
        _install(python, ["--no-deps", "--force-reinstall", *RECIPES[name][0]])
    return python


def _install(python: Path, packages: list[str]) -> None:
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)


def variables(peer: Peer, cache: Path | None = None) -> dict[str, str]:
    """Return the environment variables under which `peer` runs."""
    found = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JAX_", "XLA_", "KERAS_", "PELLUCID_", "OMP_", "TF_"))
    }
    found |= peer.settings | {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    if cache is not None:
        found |= {name: value.format(cache=cache) for name, value in peer.cache.items()}
    return found
