"""On what a run was computed: versions of libraries, and the kind of machine."""

import platform
from importlib.metadata import version

import jax

LIBRARIES = ("pellucid", "jax", "jaxlib", "numpy")


def environment() -> dict[str, str]:
    """Return what one must know to repeat a computation here, by name.

    Nothing in it names the machine or its user.

    Example:
        >>> from pellucid.environment import environment
        >>> list(environment())
        ['pellucid', 'jax', 'jaxlib', 'numpy', 'Python', 'system', 'computed on']
    """
    device = jax.devices()[0]
    names = dict.fromkeys([device.platform, device.device_kind])
    return {
        **{library: version(library) for library in LIBRARIES},
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "computed on": f"{len(jax.devices())} x {', '.join(names)}",
    }
