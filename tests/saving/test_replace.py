import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from pellucid.errors import FileError
from pellucid.saving import replace
from pellucid.saving.archive import read_archive
from pellucid.saving.replace import replace_file

SOURCE = Path(__file__).parents[2] / "src"


def refusal(path, pieces=(b"new",)) -> str:
    with pytest.raises(FileError) as caught:
        replace_file(path, pieces)
    return str(caught.value)


def test_the_file_holds_the_pieces_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "m.pellucid"
    for pieces in ([b"one", b"", b"two"], [b"x" * 3_000_000, b"y"]):
        replace_file(path, pieces)
        assert path.read_bytes() == b"".join(pieces)
    assert os.listdir(tmp_path) == ["m.pellucid"]


def test_a_link_is_followed_and_stays(tmp_path):
    target, link = tmp_path / "target.pellucid", tmp_path / "link.pellucid"
    target.write_bytes(b"old")
    link.symlink_to(target)
    replace_file(link, [b"new"])
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_missing_folder_is_named_with_its_neighbour(tmp_path):
    (tmp_path / "models").mkdir()
    path = tmp_path / "modles" / "m.pellucid"
    assert refusal(path) == (
        f"{path}: got the folder 'modles', which does not exist, expected an existing folder. "
        "Did you mean 'models'?"
    )


def test_a_missing_folder_without_a_neighbour_can_be_made(tmp_path):
    path = tmp_path / "runs" / "first" / "m.pellucid"
    assert refusal(path) == (
        f"{path}: got the folder 'runs', which does not exist, expected an existing folder. "
        f"Make it first: mkdir -p '{tmp_path / 'runs' / 'first'}'."
    )


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "runs").write_bytes(b"")
    path = tmp_path / "runs" / "first" / "m.pellucid"
    assert refusal(path) == (
        f"{path}: got 'runs', which is a file, expected a folder. Choose another folder."
    )


def test_a_folder_is_no_file(tmp_path):
    assert refusal(tmp_path) == (
        f"{tmp_path}: got a folder, expected the name of a file. "
        f"Write for example '{tmp_path}/my.pellucid'."
    )


def test_a_name_that_is_too_long_is_refused(tmp_path):
    path = tmp_path / ("m" * 300)
    assert refusal(path) == (
        f"{path}: cannot be written: File name too long. Choose another place."
    )


def test_a_name_with_a_zero_is_refused():
    assert refusal("m\0.pellucid") == (
        "'m\\x00.pellucid': got a path with a zero character, expected a path. Choose another name."
    )


class Failing:
    """Stands for `os.fsync`, and fails the first times."""

    def __init__(self, code, times):
        self.code, self.times, self.calls = code, times, 0

    def __call__(self, handle):
        self.calls += 1
        if self.calls <= self.times:
            raise OSError(self.code, os.strerror(self.code))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            errno.ENOSPC,
            "got a full disk, expected room for 3 bytes. "
            "Free some space or save elsewhere; what was there before is untouched.",
        ),
        (
            errno.EACCES,
            "got no permission to write in '{folder}', expected a folder of yours. "
            "Choose another folder.",
        ),
        (
            errno.EROFS,
            "got no permission to write in '{folder}', expected a folder of yours. "
            "Choose another folder.",
        ),
    ],
)
def test_a_disk_that_takes_nothing_leaves_the_old_file(tmp_path, monkeypatch, code, message):
    path = tmp_path / "m.pellucid"
    path.write_bytes(b"old")
    failing = Failing(code, times=9)
    monkeypatch.setattr(os, "fsync", failing)
    assert refusal(path) == f"{path}: {message.format(folder=tmp_path)}"
    assert failing.calls == 1
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["m.pellucid"]


def test_what_fails_once_is_tried_again(tmp_path, monkeypatch):
    path = tmp_path / "m.pellucid"
    monkeypatch.setattr(os, "fsync", Failing(errno.EIO, times=1))
    replace_file(path, [b"new"])
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["m.pellucid"]


def test_what_fails_twice_is_told(tmp_path, monkeypatch):
    path = tmp_path / "m.pellucid"
    monkeypatch.setattr(os, "fsync", Failing(errno.EIO, times=2))
    assert refusal(path) == f"{path}: cannot be written: Input/output error. Choose another place."


def test_a_disk_that_gives_other_bytes_back_is_told(tmp_path, monkeypatch):
    path = tmp_path / "m.pellucid"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda handle: os.pwrite(handle, b"X", 1))
    assert refusal(path) == (
        f"{path}: got other bytes back than were written, expected the same. "
        "The disk may be failing: save elsewhere."
    )
    assert path.read_bytes() == b"old"


WRITER = textwrap.dedent(
    """
    import sys
    import numpy as np
    from pellucid.saving.archive import write_archive

    number = 0
    while True:
        number += 1
        arrays = {"weights": {"a": np.full(2_000_000, number, "float32")}}
        write_archive(sys.argv[1], "model", {"network": number}, arrays)
        print(number, flush=True)
    """
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no kill -9")
def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path):
    path = tmp_path / "m.pellucid"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "JAX_PLATFORMS": "cpu"}
    unfinished = 0
    for moment in range(4):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        deadline = time.monotonic() + 20
        while len(os.listdir(tmp_path)) < unfinished + 2 and time.monotonic() < deadline:
            time.sleep(0.0005)
        time.sleep(0.004 * moment)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        with read_archive(path) as archive:
            values = set(archive.arrays("weights")["a"].tolist())
            assert values == {archive.documents["network"]}
        unfinished = len(os.listdir(tmp_path)) - 1
    # Some were killed while they wrote: what they left lies beside the file, not in it.
    assert unfinished > 0


def test_the_flush_comes_before_the_name(tmp_path, monkeypatch):
    """A file that had its name before its bytes could be empty after a loss of power."""
    order = []
    monkeypatch.setattr(os, "fsync", lambda handle: order.append("flush"))
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda *names: (order.append("name"), real(*names)))
    replace_file(tmp_path / "m.pellucid", [b"new"])
    assert order.index("flush") < order.index("name") < len(order) - 1
    assert replace.ATTEMPTS == 2
