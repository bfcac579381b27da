"""The processor cores that a model may use, and the JAX devices that stand for them.

XLA computes on a CPU what lies inside a loop mostly on one thread. A program over several
devices computes on as many; JAX makes such devices of one CPU if it is told to before it starts.
"""

import math
import os
from functools import cache
from pathlib import Path

import jax

from pellucid.errors import Problem, report

SETTING = "PELLUCID_CORES"
"""The environment variable that limits how many cores a model uses."""

_chosen: int | None = None


def reserve() -> None:
    """Have JAX offer one device for each core, unless it has started or the user has chosen."""
    count = _wanted()
    told = "xla_force_host_platform_device_count" in os.environ.get("XLA_FLAGS", "")
    if count == 1 or told or jax.config.values["jax_num_cpu_devices"] != -1:
        return
    try:
        jax.config.update("jax_num_cpu_devices", count)
    except RuntimeError:  # JAX has started, on one device.
        return


def get_cores() -> int:
    """Return how many cores a model may use: 1 on a GPU, or if JAX started before Pellucid.

    Example:
        >>> from pellucid.cores import get_cores
        >>> get_cores() >= 1
        True
    """
    if jax.default_backend() != "cpu":
        return 1
    return min(_wanted() if _chosen is None else _chosen, jax.local_device_count())


def set_cores(count: int | None) -> None:
    """Limit how many cores models use from now on.

    Args:
        count: At least 1, and 1 to compute on one; None for all that the process may run on.

    Raises:
        ArgumentError: `count` is not such a number.

    Example:
        >>> from pellucid.cores import get_cores, set_cores
        >>> set_cores(1)
        >>> get_cores()
        1
        >>> set_cores(None)
    """
    global _chosen
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        report([Problem("set_cores(count=...)", repr(count), "a whole number of at least 1")])
    _chosen = count


def _wanted() -> int:
    """Return the number that the environment asks for, else that of the process's cores."""
    given = os.environ.get(SETTING, "")
    if not given:
        return available()
    if not (given.isascii() and given.isdigit() and int(given) >= 1):
        report([Problem(SETTING, repr(given), "a whole number of at least 1")])
    return int(given)


@cache
def available() -> int:
    """Return how many cores this process may run on; two threads of one core count once."""
    own = getattr(os, "sched_getaffinity", None)
    threads = own(0) if own is not None else set(range(os.cpu_count() or 1))
    cores = {_siblings(thread) for thread in threads}
    return max(1, min(len(cores), _quota() or len(cores)))


def _siblings(thread: int) -> str:
    """Return the name of the core to which a hardware thread belongs."""
    try:
        where = f"/sys/devices/system/cpu/cpu{thread}/topology/thread_siblings_list"
        return Path(where).read_text().strip()
    except OSError:
        return str(thread)


def _quota() -> int | None:
    """Return how many cores' time the process's control group grants, None if it is not bounded."""
    try:
        granted, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return math.ceil(int(granted) / int(period))
    except (OSError, ValueError):
        return None
