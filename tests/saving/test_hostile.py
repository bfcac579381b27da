"""Thousands of damaged and forged files: each is refused in words, and none costs much."""

import functools
import json
import os
import random
import struct
import subprocess
import sys
import textwrap
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from pellucid import losses, optimizers
from pellucid.errors import FileError
from pellucid.graph import Graph, Network
from pellucid.layers import BatchNormalization, Dense, Dropout, Input
from pellucid.models import load_model
from pellucid.saving import ModelFile, container, load_model_file, save_model_file
from saving import forge
from saving.test_network import HOSTILE as NETWORKS
from saving.test_network import mutated

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """The bytes of a model's file that has every member."""
    first = Input((3,))
    last = Dense(1)(Dropout(0.2)(BatchNormalization()(Dense(4, activation="relu")(first))))
    graph = Graph.trace([first], [last], "model")
    network = Network.from_graph(graph)
    values = network.values(0)
    path = tmp_path_factory.mktemp("hostile") / "m.pellucid"
    file = ModelFile(
        graph,
        {weight.path: value for weight, value in zip(network.weights, values, strict=True)},
        compile={
            "optimizer": optimizers.Adam(1e-3),
            "loss": [losses.MeanSquaredError()],
            "loss_weights": [1.0],
            "metrics": [["mae"]],
            "weighted_metrics": [[]],
        },
        optimizer={"momentum": np.zeros(33, "float32")},
        preprocessing={"columns": ["a", "b", "c"]},
        history={"epoch": [1], "columns": {"loss": [0.5]}},
        training={"epochs": 1, "steps": 2, "seed": 3},
        state={"done": np.array([True])},
    )
    save_model_file(path, file)
    return path.read_bytes()


@pytest.fixture(scope="module")
def members(whole) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    del found["manifest.json"]
    return found


def told(data: bytes) -> str | None:
    """Return what the refusal of a file says, or None if the file is read."""
    try:
        load_model_file(data)
    except FileError as error:
        message = str(error)
        if not message.replace("\n", "").isprintable() or len(message) > 8000:
            raise AssertionError(f"{message!r} is no message") from None
        return message
    return None


EXTREMES = [
    *(0, 1, 2**7, 2**8 - 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32),
    *(2**63 - 1, 2**63, 2**64 - 1),
]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return `data` after one to three accidents."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        place = chance.randrange(len(data) + 1)
        length = chance.choice([1, 2, 4, 8, 30, 100, 1000])
        piece = data[place : place + length]
        match chance.randrange(9):
            case 0:
                bit = 1 << chance.randrange(8)
                place %= len(data)
                data = data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]
            case 1:
                data = data[: max(place, 1)]
            case 2:
                data = data[:place] + data[place + length :] or b"P"
            case 3:
                data = data[:place] + chance.randbytes(length) + data[place:]
            case 4:
                data = data[:place] + chance.randbytes(len(piece)) + data[place + length :]
            case 5:
                filling = chance.choice([b"\x00", b"\xff", b" ", b'"', b"["])
                data = data[:place] + filling * len(piece) + data[place + length :]
            case 6:
                data = data[:place] + piece + data[place:]
            case 7:
                other = chance.randrange(len(data) + 1)
                data = data[:other] + piece + data[other + len(piece) :]
            case 8:
                width, form = chance.choice([(2, "<H"), (4, "<I"), (8, "<Q")])
                number = struct.pack(form, chance.choice(EXTREMES) % 2 ** (8 * width))
                data = data[:place] + number + data[place + width :]
    return data


def test_the_whole_file_is_read(whole):
    assert told(whole) is None


def test_no_damaged_file_is_taken_for_a_whole_one(whole):
    chance = random.Random(1)
    for _ in range(4000):
        data = damaged(whole, chance)
        assert data == whole or told(data) is not None


def test_no_file_cut_short_is_taken_for_a_whole_one(whole):
    for length in range(0, len(whole), 3):
        assert told(whole[:length]) is not None


def test_a_member_with_damage_and_true_checksums_is_read_or_refused(members):
    """The forger corrects checksums and sizes, so that the damage reaches the inner readers."""
    chance = random.Random(2)
    refused = 0
    for _ in range(3000):
        name = chance.choice(list(members))
        forged = {**members, name: damaged(members[name], chance)}
        refused += told(forge.archive(forged)) is not None
    assert refused > 2000


def test_members_that_change_places_are_read_or_refused(members):
    chance = random.Random(3)
    refused = 0
    for _ in range(500):
        names = list(members)
        one, other = chance.sample(names, 2)
        forged = {**members, one: members[other], other: members[one]}
        for name in chance.sample(names, chance.randrange(4)):
            del forged[name]
        refused += told(forge.archive(forged)) is not None
    assert refused > 300


def test_a_changed_manifest_is_refused(members, whole):
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    chance = random.Random(4)
    for _ in range(1000):
        changed = mutated(manifest, chance)
        data = forge.archive(members, manifest=json.dumps(changed).encode())
        assert json.dumps(changed) == json.dumps(manifest) or told(data) is not None


@pytest.mark.parametrize(
    "name", ["weights.safetensors", "optimizer.safetensors", "state.safetensors"]
)
def test_a_changed_header_of_arrays_is_read_or_refused(members, name):
    data = members[name]
    length = int.from_bytes(data[:8], "little")
    header, values = json.loads(data[8 : 8 + length]), data[8 + length :]
    chance = random.Random(name)
    refused = 0
    for _ in range(1000):
        text = json.dumps(mutated(header, chance)).encode()
        forged = len(text).to_bytes(8, "little") + text + values
        refused += told(forge.archive({**members, name: forged})) is not None
    assert refused > 500


DOCUMENTS = ["network", "compile", "preprocessing", "history", "training"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_changed_document_makes_a_model_or_is_refused(members, name, tmp_path):
    """Here the whole way to a model is gone, compile settings and history included."""
    document = json.loads(members[f"{name}.json"])
    chance = random.Random(name)
    path = tmp_path / "m.pellucid"
    for _ in range(150):
        text = json.dumps(mutated(document, chance)).encode()
        path.write_bytes(forge.archive({**members, f"{name}.json": text}))
        try:
            load_model(path)
        except FileError as error:
            found = str(error)
        else:
            continue
        assert str(path) in found
        assert found.replace("\n", "").isprintable()


def test_a_pattern_that_would_match_for_ever_is_refused(members):
    document = json.loads(members["compile.json"])
    document["optimizer"]["config"]["exclude_from_decay"] = ["(a+)+$"]
    forged = {**members, "compile.json": json.dumps(document).encode()}
    message = told(forge.archive(forged))
    assert message is not None
    assert message.startswith("file: compile.json: Adam(exclude_from_decay=...): got ['(a+)+$']")


def test_nothing_of_a_file_is_run(members, tmp_path, monkeypatch):
    """A file that names functions of Python wherever a name may stand runs none of them."""
    ran = []
    monkeypatch.setattr(os, "system", ran.append)
    names = ["os.system", "builtins.eval", "posix.system", "subprocess.Popen", "__import__"]
    document = json.loads(members["network.json"])
    for name in names:
        for hostile in (name, {"class": f"layer.{name}", "config": {"name": "x", "args": ["id"]}}):
            for key in ("activation", "kernel_initializer", "kernel_regularizer", "dtype"):
                changed = json.loads(json.dumps(document))
                changed["config"]["members"][1]["config"][key] = hostile
                forged = {**members, "network.json": json.dumps(changed).encode()}
                assert told(forge.archive(forged)) is not None
    assert ran == []


@functools.cache
def bombs() -> dict[str, bytes]:
    """Return files that are small, and would be large if they were believed."""
    network = forge.chain(forge.layer("d", "Dense", units=2))
    huge = {"d/kernel": {"dtype": "F32", "shape": [2**20, 2**20], "data_offsets": [0, 2**42]}}
    shapes = {"d/kernel": (3, 2), "d/bias": (2,)}
    found = {
        f"network {case}": forge.model(document, shapes)
        for case, (document, _) in NETWORKS.items()
        if "bomb" in case
    }
    found["arrays"] = forge.archive(
        {"network.json": forge.to_json(network), "weights.safetensors": forge.tensors(huge)}
    )
    found["header"] = forge.archive(
        {
            "network.json": forge.to_json(network),
            "weights.safetensors": (2**40).to_bytes(8, "little") + b"{}",
        }
    )
    found["units that the arrays do not have"] = forge.model(
        forge.chain(forge.layer("d", "Dense", units=2**30)), shapes
    )
    found["lists"] = forge.model(b"[" * 190_000 + b"]" * 190_000)
    found["text"] = forge.model(b'"' + b"a" * 10**6 + b'"')
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b" " * 2**24)
    found["compressed"] = packed.getvalue()
    member = container.Member("manifest.json", 2**40, 0, 0)
    found["size"] = member.header + b"{}" + container.directory([member])
    return found


@pytest.mark.parametrize("case", bombs())
def test_a_bomb_is_refused_at_little_cost(case):
    data = bombs()[case]
    tracemalloc.start()
    message = told(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert message is not None
    assert peak < 2**22 + 20 * len(data)


CONFINED = textwrap.dedent(
    """
    import random
    import resource
    import sys

    sys.path[:0] = sys.argv[2:]
    from saving import test_hostile

    whole = open(sys.argv[1], "rb").read()
    assert test_hostile.told(whole) is None
    test_hostile.bombs()
    taken = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + 2**27, taken + 2**27))
    resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
    for name, data in test_hostile.bombs().items():
        assert test_hostile.told(data) is not None, name
    chance = random.Random(5)
    for _ in range(1000):
        data = test_hostile.damaged(whole, chance)
        assert data == whole or test_hostile.told(data) is not None
    print("all refused")
    """
)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="the system has no /proc")
def test_hostile_files_are_refused_within_128_mib(whole, tmp_path):
    """The limits of the system would end the process with an error that is no `FileError`."""
    path = tmp_path / "m.pellucid"
    path.write_bytes(whole)
    places = [str(PROJECT / "tests"), str(PROJECT / "src")]
    run = subprocess.run(
        [sys.executable, "-c", CONFINED, path, *places],
        capture_output=True,
        text=True,
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
    )
    assert run.stdout == "all refused\n", run.stderr[-2000:]
