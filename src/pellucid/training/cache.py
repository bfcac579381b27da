"""Compiled programs, kept by structure, in memory and on disk."""

import hashlib
import os
import platform
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import jax
from jaxlib.version import __version__ as jaxlib_version

from pellucid.session import on_clear

Program = TypeVar("Program")

CAPACITY = 64
"""Programs kept in memory; the one longest unused makes room."""

_programs: "OrderedDict[Hashable, Any]" = OrderedDict()
_on_disk = False


def program(key: Hashable, make: Callable[[], Program]) -> Program:
    """Return the program kept under `key`, made now if there is none."""
    use_disk()
    if key not in _programs:
        _programs[key] = make()
        while len(_programs) > CAPACITY:
            _programs.popitem(last=False)
    _programs.move_to_end(key)
    return _programs[key]


@on_clear
def clear() -> None:
    """Forget every program in memory."""
    _programs.clear()


def disk_folder() -> Path | None:
    """Return where compiled programs are kept on disk, or None if that is switched off.

    `PELLUCID_CACHE` names another folder, or says `off`.
    """
    chosen = os.environ.get("PELLUCID_CACHE", "")
    if chosen.lower() in ("off", "0", "none"):
        return None
    base = (
        Path(chosen)
        if chosen
        else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pellucid"
    )
    # A program compiled for one processor may not run on another.
    machine = f"{platform.machine()} {platform.node()} {_processor()}"
    mark = hashlib.sha256(machine.encode()).hexdigest()[:12]
    return base / f"jaxlib-{jaxlib_version}-{mark}"


def use_disk() -> None:
    """Have JAX keep compiled programs on disk, unless the user has set a place already."""
    global _on_disk
    if _on_disk:
        return
    _on_disk = True
    folder = disk_folder()
    if folder is None or jax.config.values["jax_compilation_cache_dir"] is not None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("flags", "Features")):
                return line
    except OSError:
        pass
    return platform.processor()
