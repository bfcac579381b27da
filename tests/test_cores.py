"""How many cores are used is the user's to say, and told to JAX in time or not at all."""

import os
import re
import subprocess
import sys

import pytest

from pellucid import cores
from pellucid.errors import ArgumentError


@pytest.fixture(autouse=True)
def _all_cores():
    yield
    cores.set_cores(None)


def test_the_setting_limits_the_cores(monkeypatch):
    monkeypatch.setenv(cores.SETTING, "2")
    assert cores.get_cores() == 2
    cores.set_cores(1)
    assert cores.get_cores() == 1
    cores.set_cores(99)
    assert cores.get_cores() == 2  # the devices that there are
    cores.set_cores(None)
    monkeypatch.setenv(cores.SETTING, "1")
    assert cores.get_cores() == 1


@pytest.mark.parametrize("given", ["0", "-1", "two", "1.5", "²"])
def test_a_setting_that_is_no_number_is_refused(monkeypatch, given):
    monkeypatch.setenv(cores.SETTING, given)
    sentence = f"PELLUCID_CORES: got '{given}', expected a whole number of at least 1"
    with pytest.raises(ArgumentError, match=re.escape(sentence)):
        cores.get_cores()


@pytest.mark.parametrize("given", [0, -1, 1.5, True, "2"])
def test_a_number_that_is_none_is_refused(given):
    sentence = f"set_cores(count=...): got {given!r}, expected a whole number of at least 1"
    with pytest.raises(ArgumentError, match=re.escape(sentence)):
        cores.set_cores(given)


def test_gpus_are_left_alone(monkeypatch):
    monkeypatch.setattr(cores.jax, "default_backend", lambda: "gpu")
    cores.set_cores(2)
    assert cores.get_cores() == 1


def test_cores_are_those_that_the_process_may_run_on(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1, 2, 3}, raising=False)
    monkeypatch.setattr(cores, "_siblings", lambda thread: str(thread % 2))
    monkeypatch.setattr(cores, "_quota", lambda: None)
    assert cores.available.__wrapped__() == 2
    monkeypatch.setattr(cores, "_quota", lambda: 1)
    assert cores.available.__wrapped__() == 1


@pytest.mark.parametrize(
    ("environment", "first", "devices", "used"),
    [
        ({"PELLUCID_CORES": "3"}, "", 3, 3),
        ({"PELLUCID_CORES": "1"}, "", 1, 1),
        ({"PELLUCID_CORES": "3", "JAX_NUM_CPU_DEVICES": "2"}, "", 2, 2),
        (
            {
                "PELLUCID_CORES": "3",
                "XLA_FLAGS": "--xla_force_host_platform_device_count=4",
            },
            "",
            4,
            3,
        ),
        # JAX has started: it keeps its one device, and so does Pellucid.
        ({"PELLUCID_CORES": "3"}, "import jax; jax.devices()", 1, 1),
    ],
)
def test_devices_are_reserved_unless_the_user_has_chosen(environment, first, devices, used):
    script = f"{first}\nimport jax, pellucid.layers\nfrom pellucid.backend import get_cores"
    script += "\nprint(jax.device_count(), get_cores())"
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [str(devices), str(used)]


OURS = ("PELLUCID_CORES", "JAX_NUM_CPU_DEVICES", "XLA_FLAGS")
