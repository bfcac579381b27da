"""What the machine is, and how fast it multiplies matrices."""

import os
import platform
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np

from networks import MLP


def description() -> dict[str, Any]:
    """Return the processor, its cores, the memory, the accelerator and the system."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "vector_instructions": _vectors(),
        "memory_gib": round(pages / 2**30),
        "accelerator": _accelerator(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }


def _cpuinfo(key: str) -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def _processor() -> str:
    model = _cpuinfo("model name") or platform.processor() or platform.machine()
    place = "/".join(_cpuinfo(key) for key in ("cpu family", "model\t"))
    return f"{model} (family/model {place})" if place.strip("/") else model


def _vectors() -> str:
    flags = _cpuinfo("flags").split()
    return next((name for name in ("avx512f", "avx2", "avx") if name in flags), "")


def _accelerator() -> str:
    """Return the name of the first NVIDIA GPU, or nothing."""
    if shutil.which("nvidia-smi") is None:
        return ""
    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    return (listed.stdout.splitlines() or [""])[0]


def _best_seconds(product: Any, repeats: int, tries: int = 7) -> float:
    best = float("inf")
    for _ in range(tries):
        started = time.perf_counter()
        for _ in range(repeats):
            product()
        best = min(best, (time.perf_counter() - started) / repeats)
    return best


def _product(rows: int, inner: int, columns: int) -> Any:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(rows, inner)).astype(np.float32)
    b = rng.normal(size=(inner, columns)).astype(np.float32)
    out = np.empty((rows, columns), np.float32)
    return lambda: np.matmul(a, b, out=out)


def step_products() -> list[tuple[int, int, int]]:
    """Return (rows, inner, columns) of each matrix product in a training step of the MLP."""
    found = []
    for place, (part, (inputs,)) in enumerate(MLP.walk()):
        (units,) = part.output((inputs,))
        found += [(MLP.batch, inputs, units), (inputs, MLP.batch, units)]
        found += [(MLP.batch, units, inputs)] if place else []
    return found


def arithmetic() -> dict[str, float]:
    """Return the rate of NumPy's float32 products, and the MLP's step's time at that rate.

    `large` is the machine's rate, on 2048 x 2048; `shapes_used` is the time of that step's eight
    products called one by one from NumPy, the overhead of the calls included.
    """
    size = 2048
    large = 2 * size**3 / _best_seconds(_product(size, size, size), 1)
    own = sum(_best_seconds(_product(*shape), 2000) for shape in step_products())
    flops = MLP.flops_a_step()
    return {
        "flops_a_step": flops,
        "gflops_large": large / 1e9,
        "gflops_shapes_used": flops / own / 1e9,
        "limit_us": flops / large * 1e6,
        "shapes_used_us": own * 1e6,
    }
