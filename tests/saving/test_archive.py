import hashlib
import json
import os
import threading
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import FileError
from pellucid.saving import archive as archives
from pellucid.saving.archive import read_archive, write_archive
from pellucid.saving.limits import Limits
from saving import forge
from saving.test_json_text import DOCUMENTS, same
from saving.test_tensors import ARRAYS, NAMES

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."


def refusal(source, limits=None) -> str:
    with pytest.raises(FileError) as caught:
        read_archive(source, *([limits] if limits else []))
    return str(caught.value)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(archives.KINDS),
    st.dictionaries(st.sampled_from(archives.DOCUMENTS), DOCUMENTS),
    st.dictionaries(
        st.sampled_from(archives.ARRAYS), st.dictionaries(NAMES, ARRAYS, max_size=3), max_size=3
    ),
)
def test_whatever_is_written_reads_back_equal(tmp_path_factory, kind, documents, arrays):
    path = tmp_path_factory.mktemp("archive") / "m.pellucid"
    write_archive(path, kind, documents, arrays)
    for source in (path, path.read_bytes()):
        with read_archive(source) as found:
            assert (found.kind, found.version) == (kind, archives.VERSION)
            assert same(dict(sorted(found.documents.items())), dict(sorted(documents.items())))
            assert set(found.specs) == set(arrays)
            for name, held in arrays.items():
                read = found.arrays(name)
                assert set(read) == set(held)
                for key, array in held.items():
                    assert found.specs[name][key].shape == read[key].shape == array.shape
                    assert found.specs[name][key].dtype == read[key].dtype == array.dtype
                    assert read[key].tobytes() == array.tobytes()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "m.pellucid"
    arrays = {"weights": {"dense/kernel": np.ones((2, 3), "float32")}}
    write_archive(path, "model", {"network": {"a": 1}, "history": [0.5]}, arrays)
    return path


def test_the_same_contents_make_the_same_bytes(tmp_path, path):
    first = path.read_bytes()
    arrays = {"weights": {"dense/kernel": np.ones((2, 3), "float32")}}
    write_archive(path, "model", {"history": [0.5], "network": {"a": 1}}, arrays)
    assert path.read_bytes() == first


def test_the_manifest_tells_size_and_hash_of_every_member(path):
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert list(contents) == [
        "manifest.json",
        "network.json",
        "history.json",
        "weights.safetensors",
    ]
    manifest = json.loads(contents.pop("manifest.json"))
    assert manifest == {
        "format": "pellucid",
        "version": 1,
        "kind": "model",
        "members": {
            name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in contents.items()
        },
    }


def test_every_flipped_byte_is_found(path):
    data = path.read_bytes()
    for place in range(len(data)):
        flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert refusal(flipped).startswith("file")


MEMBERS = {"network.json": b"{}", "weights.safetensors": forge.zeros({})}
DIGEST = hashlib.sha256(b"{}").hexdigest()


def manifest(**changes):
    return {"format": "pellucid", "version": 1, "kind": "model", "members": {}} | changes


HOSTILE = {
    "no members": (
        forge.packed([]),
        "file: got a file that begins with b'PK\\x05\\x06\\x00\\x00\\x00\\x00', "
        "expected a .pellucid file.",
    ),
    "no manifest": (
        forge.packed([("network.json", b"{}")]),
        "file: got an archive that does not begin with a manifest, expected a .pellucid file.",
    ),
    "a manifest that is not the first": (
        forge.packed([("network.json", b"{}"), ("manifest.json", b"{}")]),
        "file: got an archive that does not begin with a manifest, expected a .pellucid file.",
    ),
    "a manifest of another format": (
        forge.archive({}, manifest=manifest(format="keras")),
        'file: manifest.json: got an object of 4, expected an object with "format": "pellucid".',
    ),
    "a manifest that is a list": (
        forge.archive({}, manifest=[]),
        'file: manifest.json: got [], expected an object with "format": "pellucid".',
    ),
    "version 0": (
        forge.archive({}, version=0),
        "file: manifest.json: got the format version 0, expected a whole number from 1 on.",
    ),
    "version True": (
        forge.archive({}, version=True),
        "file: manifest.json: got the format version True, expected a whole number from 1 on.",
    ),
    "version text": (
        forge.archive({}, version="1"),
        "file: manifest.json: got the format version '1', expected a whole number from 1 on.",
    ),
    "unknown keys": (
        forge.archive({}, manifest=manifest(code="import os")),
        "file: manifest.json: got the keys 'format, version, kind, members, code', "
        "expected format, version, kind, members.",
    ),
    "unknown kind": (
        forge.archive({}, kind="program"),
        "file: manifest.json: got the kind 'program', expected one of model, weights, checkpoint.",
    ),
    "kind that is no text": (
        forge.archive({}, manifest=manifest(kind=["model"])),
        "file: manifest.json: got the kind a list of 1, "
        "expected one of model, weights, checkpoint.",
    ),
    "unknown member": (
        forge.archive({"code.json": b"{}"}),
        "file: got the member 'code.json', expected one of network.json, compile.json, "
        "preprocessing.json, history.json, training.json, weights.safetensors, "
        "optimizer.safetensors, state.safetensors.",
    ),
    "a member that is not listed": (
        forge.archive(MEMBERS, manifest=manifest(members={})),
        "file: manifest.json: got a list of an object of 0, "
        "expected the members that the file has.",
    ),
    "a listed member that is not there": (
        forge.archive({}, manifest=manifest(members={"network.json": {}})),
        "file: manifest.json: got a list of an object of 1, "
        "expected the members that the file has.",
    ),
    "another hash": (
        forge.archive(
            {"network.json": b"{}"},
            manifest=manifest(members={"network.json": {"size": 2, "sha256": "0" * 64}}),
        ),
        "file: network.json: got contents that differ from what was written, "
        "expected the checksum in the manifest.",
    ),
    "another size": (
        forge.archive(
            {"network.json": b"{}"},
            manifest=manifest(members={"network.json": {"size": 3, "sha256": DIGEST}}),
        ),
        "file: network.json: got contents that differ from what was written, "
        "expected the checksum in the manifest.",
    ),
    "members swapped": (
        forge.packed(
            [
                (
                    "manifest.json",
                    forge.to_json(
                        manifest(
                            members={
                                "network.json": {"size": 2, "sha256": DIGEST},
                                "history.json": {
                                    "size": 2,
                                    "sha256": hashlib.sha256(b"[]").hexdigest(),
                                },
                            }
                        )
                    ),
                ),
                ("network.json", b"[]"),
                ("history.json", b"{}"),
            ]
        ),
        "file: network.json: got contents that differ from what was written, "
        "expected the checksum in the manifest.",
    ),
    "a document that is no JSON": (
        forge.archive({"network.json": b"{]"}),
        "file: network.json: got text that is not JSON at character 1, expected a JSON document.",
    ),
    "arrays that are none": (
        forge.archive({"weights.safetensors": b"12345678"}),
        "file: weights.safetensors: got a header of 4,050,765,991,979,987,505 bytes, "
        "expected one of at most 0.",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_forged_archive_is_refused(case):
    data, message = HOSTILE[case]
    assert refusal(data) == f"{message} {DAMAGED}"


def test_a_file_of_a_newer_version_says_so():
    """Even one whose manifest has other keys, and whose members have names yet unknown."""
    newer = manifest(version=7, members=[], signature="none")
    data = forge.archive({"attention.json": b"{}"}, manifest=newer)
    assert refusal(data) == (
        "file: got format version 7, expected at most 1. "
        "The file was written by a newer version: pip install --upgrade pellucid."
    )


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "m.pellucid"
    with open(path, "wb") as file:
        file.truncate(17 * 2**30)
    assert refusal(path) == f"{path}: got 18,253,611,008 bytes, expected at most 17,179,869,184."


def test_a_document_beyond_the_limit_is_refused(path):
    message = refusal(path, Limits(document_bytes=100))
    assert message.startswith(f"{path}: manifest.json: got ")
    assert message.endswith(f" bytes of JSON, expected at most 100. {DAMAGED}")


def test_a_missing_file_is_named_with_its_neighbour(tmp_path, path):
    wrong = tmp_path / "m.pelucid"
    assert refusal(wrong) == (
        f"{wrong}: got no such file, expected a .pellucid file. Did you mean '{path}'?"
    )
    lost = tmp_path / "lost" / "m.pellucid"
    assert refusal(lost) == f"{lost}: got no such file, expected a .pellucid file. Check the path."


def test_a_folder_is_refused(tmp_path):
    assert refusal(tmp_path) == (
        f"{tmp_path}: got a folder, expected a .pellucid file. Give the path of a file in it."
    )


def test_a_path_that_no_file_can_have_is_refused():
    assert refusal("m\0.pellucid") == (
        "m\0.pellucid: got a file that cannot be opened (embedded null byte), "
        "expected a readable file. Check the path."
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_does_not_wait(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert refusal(path) == (
        f"{path}: got a device or pipe, expected a file on disk. Copy it to a file first."
    )


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="the system has no /dev/zero")
def test_a_device_is_refused():
    assert refusal("/dev/zero") == (
        "/dev/zero: got a device or pipe, expected a file on disk. Copy it to a file first."
    )


def test_a_file_that_shrinks_while_it_is_read_is_refused(path):
    arrays = {"weights": {"a": np.zeros(100_000, "float32")}}
    write_archive(path, "model", {"network": {}}, arrays)
    with read_archive(path) as archive:
        os.truncate(path, 200)
        with pytest.raises(FileError) as caught:
            archive.arrays("weights")
    assert str(caught.value) == (
        f"{path}: got a file that became shorter while it was read, "
        f"expected a file at rest. {DAMAGED}"
    )


def test_readers_beside_a_writer_see_whole_files(tmp_path):
    path = tmp_path / "m.pellucid"

    def write(number):
        arrays = {"weights": {"a": np.full(1000, number, "float32")}}
        write_archive(path, "model", {"network": number}, arrays)

    write(0)
    failures, seen = [], set()
    stop = threading.Event()

    def read():
        while not stop.is_set():
            try:
                with read_archive(path) as archive:
                    number = archive.documents["network"]
                    seen.add(number)
                    if set(archive.arrays("weights")["a"].tolist()) != {number}:
                        failures.append(number)
            except FileError as error:
                failures.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 30):
        write(number)
        time.sleep(0.002)
    stop.set()
    reader.join()
    assert failures == []
    assert len(seen) > 1
