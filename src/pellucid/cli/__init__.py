"""The command `pellucid`.

The commands import the rest of Pellucid when they run, so that help needs no JAX.
"""

from pellucid.cli.app import main as main

__all__ = ["main"]
