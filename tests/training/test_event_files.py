"""Event files, read back by the definition of their messages."""

import importlib.util
import math
import struct

import pytest

from pellucid.errors import PellucidError
from pellucid.training.history import History
from pellucid.training.probes import Probes

INSTALLED = importlib.util.find_spec("tensorboardX") is not None


def read(folder):
    """Return (step, tag, value) of every event file, record by record: size, check, data, check."""
    from tensorboardX.proto.event_pb2 import Event

    found = []
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        while data:
            (size,) = struct.unpack("<Q", data[:8])
            event = Event.FromString(data[12 : 12 + size])
            found += [(event.step, one.tag, one.simple_value) for one in event.summary.value]
            data = data[16 + size :]
    return found


def run():
    history = History()
    history.append(0, {"loss": 0.5, "f1": [0.25, 0.5]})
    history.append(1, {"loss": 0.25, "f1": [0.5, 0.5]})
    history.probes = Probes([("run", "loss"), ("dense", "activation/rms")])
    history.probes.append(0, 0, [0.75, math.nan])
    history.probes.append(50, 1, [0.5, 2.0])
    return history


@pytest.mark.skipif(not INSTALLED, reason="the optional package tensorboardx is not installed")
def test_curves_come_back_as_they_were(tmp_path):
    assert run().to_tensorboard(tmp_path / "run") == tmp_path / "run"
    found = {(step, tag): value for step, tag, value in read(tmp_path / "run")}
    assert math.isnan(found.pop((0, "dense/activation/rms")))
    assert found == {
        (1, "epoch/loss"): 0.5,
        (2, "epoch/loss"): 0.25,
        (0, "run/loss"): 0.75,
        (50, "run/loss"): 0.5,
        (50, "dense/activation/rms"): 2.0,
    }


@pytest.mark.skipif(INSTALLED, reason="the optional package tensorboardx is installed")
def test_a_missing_package_is_told(tmp_path):
    with pytest.raises(PellucidError) as raised:
        run().to_tensorboard(tmp_path)
    assert str(raised.value) == (
        "to_tensorboard: got no package tensorboardx, expected it to write event files. "
        "Install it with: pip install 'pellucid[tensorboard]'"
    )
