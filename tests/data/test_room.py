"""How much memory rows may take, in the user's words and by the machine's own account."""

import os

import pytest

from pellucid.data import room
from pellucid.data.room import Room, amount_text, check_memory, machine_memory, needed


@pytest.mark.parametrize(
    ("memory", "size"),
    [("2GB", 2 << 30), ("500 mb", 500 << 20), ("0.5KB", 512), ("7b", 7), ("1TB", 1 << 40)],
)
def test_amounts_are_read(memory, size):
    assert check_memory(memory) == []
    assert Room.of(memory) == Room(size, chosen=True)


@pytest.mark.parametrize("memory", ["2", "GB", "-1GB", "2 giga", 7, "1GB2"])
def test_what_is_no_amount_is_told(memory):
    (problem,) = check_memory(memory)
    assert str(problem) == (
        f"memory: got {memory!r}, expected an amount of memory, such as '2GB' or '500MB'."
    )


def test_without_a_word_it_is_half_of_what_there_is(monkeypatch):
    monkeypatch.setattr(room, "machine_memory", lambda: 1000)
    assert check_memory(None) == []
    assert Room.of(None) == Room(500)
    assert Room.of(None).holds(500)
    assert not Room.of(None).holds(501)


def test_rows_are_counted_eight_times_and_what_is_read_beside_them_once():
    assert needed(100) == 800
    assert needed(100, reading=200) == 800
    assert needed(100, reading=900) == 1000


def test_a_control_group_may_have_less_than_the_machine(monkeypatch, tmp_path):
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    path = tmp_path / "memory.max"
    monkeypatch.setattr(room, "LIMITS", (str(path),))
    assert machine_memory() == whole
    for told, expected in (("max", whole), ("4096", 4096), (str(whole * 2), whole)):
        path.write_text(told)
        assert machine_memory() == expected


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1,023 B"), (1 << 10, "1.0 KB"), (20 << 30, "20 GB"), (3 << 39, "1.5 TB")],
)
def test_amounts_are_told(size, text):
    assert amount_text(size) == text
