"""Who is measured, and the environment that each runs in.

Environments are made under `.bench/` once and kept. PELLUCID_BENCH_ENVS names a folder of
environments made earlier (`torch`, `kerasjax`, `kerastf`, `kerastorch`, `sklearn`, `pellucid`);
the running Python stands in for those missing there, and peers it cannot import are left out.
"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from networks import MLP, Network
from process import run_once

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
        only: Keys of the networks it can train; empty for all.
        steps: Whether its training steps are measured.
        first: Whether its first calls are.
        whole: Whether its whole processes are, with import and size.
    """

    key: str
    label: str
    environment: str
    module: str
    imports: str
    needs: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    cache: dict[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    steps: bool = True
    first: bool = True
    whole: bool = True

    def trains(self, network: Network) -> bool:
        """Return whether it can train this network."""
        return not self.only or network.key in self.only


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
    Peer(
        "torch",
        "torch, eager",
        "torch",
        "torch_eager",
        "import torch",
        ("torch", "numpy"),
        first=False,
    ),
    Peer(
        "torchfused",
        "torch, eager, fused Adam",
        "torch",
        "torch_eager",
        "import torch",
        ("torch", "numpy"),
        {"PEER_FUSED": "1"},
        first=False,
        whole=False,
    ),
    Peer(
        "torchcompile",
        "torch.compile",
        "torch",
        "torch_eager",
        "import torch",
        ("torch", "numpy"),
        {"PEER_COMPILE": "1"},
        {"TORCHINDUCTOR_CACHE_DIR": "{cache}"},
        steps=False,
        whole=False,
    ),
    Peer(
        "sklearn",
        "scikit-learn",
        "sklearn",
        "sklearn_mlp",
        "from sklearn.neural_network import MLPClassifier",
        ("scikit-learn",),
        only=(MLP.key,),
        first=False,
    ),
)

DEVICES = {
    "cpu": {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"},
    # Several processes share the GPU, so that none may take all its memory at once.
    "gpu": {"XLA_PYTHON_CLIENT_PREALLOCATE": "false", "TF_FORCE_GPU_ALLOW_GROWTH": "true"},
}
"""Environment variables under which all peers run."""


def suffix(device: str) -> str:
    """Return how the names of files end that hold a device's figures."""
    return "" if device == "cpu" else f"-{device}"


# It imports six and, on TensorFlow, tensorboard, without asking for them.
KERAS_TUNER = ["keras-tuner[bayesian]>=1.4.8", "six", "tensorboard"]

RECIPES: dict[str, list[list[str]]] = {
    "pellucid": [[f"{PROJECT}[tune]"]],
    "kerasjax": [["keras>=3.15", "jax>=0.10,<0.13"], KERAS_TUNER],
    "kerastf": [["keras>=3.15", "tensorflow-cpu"], KERAS_TUNER],
    # torch first and alone, or Keras's own requirements may bring another build of it.
    "kerastorch": [[TORCH], ["keras>=3.15", "numpy"]],
    "torch": [[TORCH], ["numpy", "optuna>=4.0"]],
    "sklearn": [["scikit-learn"]],
}


def python_of(name: str) -> str:
    """Return the interpreter of environment `name`, making the environment if needed."""
    kept = os.environ.get("PELLUCID_BENCH_ENVS")
    if kept:
        python = _interpreter(Path(kept) / name)
        return str(python) if python.exists() else sys.executable
    return str(_made(name))


def _interpreter(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _made(name: str) -> Path:
    folder = BENCH / name
    python, stamp = _interpreter(folder), folder / "made.stamp"
    recipe = json.dumps(RECIPES[name])
    if not stamp.exists() or stamp.read_text() != recipe:
        print(f"making the environment of {name} …", flush=True)
        venv.create(folder, with_pip=True, clear=not stamp.exists())
        for packages in RECIPES[name]:
            _install(python, packages)
        stamp.write_text(recipe)
    elif name == "pellucid":
        # The source may have changed since.
        _install(python, ["--no-deps", "--force-reinstall", *RECIPES[name][0]])
    return python


def _install(python: Path, packages: list[str]) -> None:
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)


def on(device: str, peers: Sequence[Peer]) -> list[Peer]:
    """Return the peers, to run on a device; those that cannot be imported are left out."""
    placed = [replace(peer, settings=peer.settings | DEVICES[device]) for peer in peers]
    return [peer for peer in placed if _imports(peer)]


def _imports(peer: Peer) -> bool:
    try:
        run_once([python_of(peer.environment), "-c", peer.imports], variables(peer))
    except RuntimeError as problem:
        print(f"left out: {peer.label}: {reason(problem)}", flush=True)
        return False
    return True


def reason(problem: RuntimeError) -> str:
    """Return the last line of what a process said when it failed."""
    return str(problem).strip().splitlines()[-1]


OWN = ("JAX_", "XLA_", "KERAS_", "PELLUCID_", "OMP_", "TF_", "PEER_", "PYTHONDONTWRITEBYTECODE")
"""How variables begin that whoever measures has set for themselves. With the last of them each
process of an editable package translates its modules anew, which no user's second process does."""


def variables(peer: Peer, cache: Path | None = None) -> dict[str, str]:
    """Return the environment variables under which `peer` runs."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    found |= peer.settings
    if cache is not None:
        found |= {name: value.format(cache=cache) for name, value in peer.cache.items()}
    return found
