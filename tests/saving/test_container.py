import io
import random
import struct
import subprocess
import warnings
import zipfile

import pytest

from pellucid.errors import FileError
from pellucid.saving import container
from pellucid.saving.container import Member, Source, read_members
from saving import forge

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."
FORM = "expected the archive as pellucid writes it."
CONTENTS = [("manifest.json", b"{}"), ("network.json", b"[1, 2, 3]"), ("history.json", b"")]


def members_of(data: bytes) -> list[Member]:
    return read_members(Source(io.BytesIO(data), len(data), "m.pellucid"))


def refusal(data: bytes) -> str:
    with pytest.raises(FileError) as caught:
        members_of(data)
    return str(caught.value)


def zipped(contents) -> bytes:
    """Return an archive made by Python's own writer, with pellucid's date."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in contents:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return file.getvalue()


def test_members_are_found_where_they_were_put():
    data = forge.packed(CONTENTS)
    found = [(one.name, data[one.start : one.end]) for one in members_of(data)]
    assert found == CONTENTS


def test_other_programs_can_read_the_archive(tmp_path):
    path = tmp_path / "m.pellucid"
    path.write_bytes(forge.packed(CONTENTS))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert [(one.filename, archive.read(one)) for one in archive.infolist()] == CONTENTS


def test_sizes_and_places_beyond_4_gib_are_written_as_other_programs_expect(tmp_path):
    """The contents are holes of a sparse file, so that only headers and directory exist."""
    large = 5 * 2**30
    members = container.arrange(
        [("manifest.json", 2, 1), ("weights.safetensors", large, 2), ("state.safetensors", 3, 3)]
    )
    directory = container.directory(members)
    path = tmp_path / "m.pellucid"
    with open(path, "wb") as file:
        for member in members:
            file.seek(member.offset)
            file.write(member.header)
        file.seek(members[-1].end)
        file.write(directory)
    with zipfile.ZipFile(path) as archive:
        found = [
            (one.filename, one.file_size, one.header_offset, one.CRC) for one in archive.infolist()
        ]
    assert found == [(one.name, one.size, one.offset, one.crc) for one in members]
    with open(path, "rb") as file:
        size = members[-1].end + len(directory)
        assert read_members(Source(file, size, "m.pellucid")) == members


def changed(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


DATA = forge.packed(CONTENTS)
DIRECTORY = DATA.index(container.CENTRAL_MARK)
END = DATA.index(container.END_MARK)
SECOND = DATA.index(container.LOCAL_MARK, 4)
"""Where the header of the second member begins."""
SECOND_ENTRY = DATA.index(container.CENTRAL_MARK, DIRECTORY + 4)

HOSTILE = {
    "empty": (b"", "an empty file, expected a .pellucid file."),
    "text": (
        b"hello world",
        "a file that begins with b'hello wo', expected a .pellucid file.",
    ),
    "HDF5": (
        b"\x89HDF\r\n\x1a\n" + bytes(100),
        "an HDF5 file, as Keras writes with the ending .h5, expected a .pellucid file. "
        "Give the path of a .pellucid file.",
    ),
    "pickle": (
        b"\x80\x04\x95.",
        "a Python pickle, which can run code and is never read, expected a .pellucid file. "
        "Give the path of a .pellucid file.",
    ),
    "truncated": (
        DATA[:-1],
        f"{len(DATA) - 1} bytes without the end of an archive, "
        "expected a whole file with nothing after its end.",
    ),
    "only the first bytes": (
        DATA[:10],
        "10 bytes without the end of an archive, expected a whole file with nothing after its end.",
    ),
    "something appended": (
        DATA + b"x",
        f"{len(DATA) + 1} bytes without the end of an archive, "
        "expected a whole file with nothing after its end.",
    ),
    "another archive appended": (
        DATA + DATA,
        f"a directory that is not where the archive ends, {FORM}",
    ),
    "something in front": (
        b"PK\x03\x04" + DATA,
        f"a directory that is not where the archive ends, {FORM}",
    ),
    "a comment": (
        changed(DATA, len(DATA) - 2, b"\x05\x00") + b"hello",
        f"{len(DATA) + 5} bytes without the end of an archive, "
        "expected a whole file with nothing after its end.",
    ),
    "a comment that is an end": (
        changed(DATA, len(DATA) - 2, b"\x16\x00") + DATA[END:],
        f"a directory that is not where the archive ends, {FORM}",
    ),
    "too many members": (
        changed(DATA, END + 8, b"\xff\xff\xff\xff"),
        "65,535 members, expected at most 64.",
    ),
    "fewer members than entries": (
        changed(DATA, END + 8, b"\x02\x00\x02\x00"),
        f"members that overlap, leave gaps or reach beyond the file, {FORM}",
    ),
    "more members than entries": (
        changed(DATA, END + 8, b"\x04\x00\x04\x00"),
        f"a directory that is cut short, {FORM}",
    ),
    "two disks": (
        changed(DATA, END + 4, b"\x01\x00"),
        f"a directory that does not fit the members, {FORM}",
    ),
    "directory elsewhere": (
        changed(DATA, END + 16, bytes(4)),
        f"a directory that is not where the archive ends, {FORM}",
    ),
    "directory too large": (
        changed(DATA, END + 12, b"\xff\xff\xff\x7f"),
        f"a directory that is not where the archive ends, {FORM}",
    ),
    "a second end that is not there": (
        changed(DATA, END + 16, b"\xff\xff\xff\xff"),
        f"a large archive without its second end record, {FORM}",
    ),
    "broken entry": (
        changed(DATA, SECOND_ENTRY, b"XX"),
        f"a directory with a broken entry, {FORM}",
    ),
    "encrypted": (
        changed(DATA, SECOND_ENTRY + 8, b"\x01\x00"),
        "the encrypted member b'network.json', expected members that are not encrypted.",
    ),
    "compressed": (
        changed(DATA, SECOND_ENTRY + 10, b"\x08\x00"),
        "the compressed member b'network.json', expected members that are stored as they are. "
        "Use the file that pellucid saved, not one packed again by another program.",
    ),
    "unpacks to more than is stored": (
        changed(DATA, SECOND_ENTRY + 24, struct.pack("<I", 2**31)),
        "the member b'network.json' of 2,147,483,648 bytes in 9, "
        "expected members that are stored as they are.",
    ),
    "member larger than the file": (
        changed(DATA, SECOND_ENTRY + 20, struct.pack("<II", 2**31, 2**31)),
        f"members that overlap, leave gaps or reach beyond the file, {FORM}",
    ),
    "large member without its size": (
        changed(DATA, SECOND_ENTRY + 20, b"\xff" * 8),
        f"no size for the member b'network.json', {FORM}",
    ),
    "members that overlap": (
        changed(DATA, SECOND_ENTRY + 42, bytes(4)),
        f"a directory that does not fit the members, {FORM}",
    ),
    "header with another size": (
        changed(DATA, SECOND + 18, struct.pack("<I", 8)),
        f"network.json: got a header that contradicts the directory, {FORM}",
    ),
    "header with another name": (
        changed(DATA, SECOND + 30, b"netwerk.json"),
        f"network.json: got a header that contradicts the directory, {FORM}",
    ),
    "header that says compressed": (
        changed(DATA, SECOND + 8, b"\x08\x00"),
        f"network.json: got a header that contradicts the directory, {FORM}",
    ),
    "a name twice": (
        forge.packed([*CONTENTS, CONTENTS[1]]),
        "two members called 'network.json', expected each name once.",
    ),
    "a path upwards": (
        zipped([*CONTENTS, ("../../etc/cron.d/x", b"")]),
        "the member name b'../../etc/cron.d/x', expected a name such as 'network.json'.",
    ),
    "an absolute path": (
        zipped([*CONTENTS, ("/etc/passwd", b"")]),
        "the member name b'/etc/passwd', expected a name such as 'network.json'.",
    ),
    "a Windows path": (
        forge.packed([*CONTENTS, ("c:\\x.json", b"")]),
        "the member name b'c:\\\\x.json', expected a name such as 'network.json'.",
    ),
    "terminal controls": (
        forge.packed([*CONTENTS, ("\x1b[2J.json", b"")]),
        "the member name b'\\x1b[2J.json', expected a name such as 'network.json'.",
    ),
    "a long name": (
        forge.packed([*CONTENTS, ("n" * 60_000 + ".json", b"")]),
        f"a directory that is not where the archive ends, {FORM}",
    ),
    "a Keras model": (
        zipped([("metadata.json", b"{}"), ("config.json", b"{}"), ("model.weights.h5", b"")]),
        "the member name b'model.weights.h5', as in a Keras model, "
        "expected a name such as 'network.json'.",
    ),
    "a PyTorch file": (
        zipped([("archive/data.pkl", b"")]),
        "the member name b'archive/data.pkl', as in a PyTorch file, "
        "expected a name such as 'network.json'.",
    ),
    "a NumPy archive": (
        zipped([("arr_0.npy", b"")]),
        "the member name b'arr_0.npy', as in a NumPy archive, "
        "expected a name such as 'network.json'.",
    ),
    "packed again": (
        zipped(CONTENTS),
        f"a directory that does not fit the members, {FORM}",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_forged_archive_is_refused(case):
    data, problem = HOSTILE[case]
    place, _, given = problem.rpartition(": got ")
    where = f"m.pellucid: {place}" if place else "m.pellucid"
    fix = "" if problem.endswith(("file.", "program.")) and ". " in problem else f" {DAMAGED}"
    assert refusal(data) == f"{where}: got {given}{fix}"


def test_a_compressed_bomb_is_refused_before_it_is_unpacked():
    data = zipped([("manifest.json", bytes(10**7))])
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(10**7))
    assert len(bomb.getvalue()) < len(data) / 500
    assert refusal(bomb.getvalue()) == (
        "m.pellucid: got the compressed member b'manifest.json', expected members that are "
        "stored as they are. "
        "Use the file that pellucid saved, not one packed again by another program."
    )


def test_every_changed_byte_outside_the_contents_is_found():
    inside = {place for member in members_of(DATA) for place in range(member.start, member.end)}
    # The checksum of contents stands in both headers and is compared with them elsewhere.
    for place in set(range(len(DATA))) - inside:
        for bits in (0x01, 0x80, 0xFF):
            refusal(changed(DATA, place, bytes([DATA[place] ^ bits])))


def test_every_length_of_the_file_but_the_whole_is_refused():
    for length in range(len(DATA)):
        refusal(DATA[:length])


def test_random_large_archives_are_refused():
    """Records of large archives with random numbers in them end in a refusal, not in a crash."""
    chance = random.Random(0)
    numbers = [0, 1, 3, 46, 2**16 - 1, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1]
    for _ in range(2000):
        entries = DATA[DIRECTORY:END]
        entry = chance.choice([0, SECOND_ENTRY - DIRECTORY])
        entries = changed(entries, entry + 20, b"\xff" * 8)
        entries = changed(entries, entry + 30, struct.pack("<H", chance.choice([0, 4, 20, 28])))
        large = container.LARGE_END.pack(
            *(container.LARGE_END_MARK, 44, 45, 45, 0, 0),
            *(chance.choice(numbers) for _ in range(4)),
        ) + container.LOCATOR.pack(container.LOCATOR_MARK, 0, chance.choice(numbers), 1)
        end = container.END.pack(
            *(container.END_MARK, 0, 0, 3, 3, chance.choice([len(entries), 0]), 2**32 - 1, 0)
        )
        refusal(DATA[:DIRECTORY] + entries + large + end)


@pytest.mark.skipif(
    subprocess.run(["which", "unzip"], capture_output=True).returncode != 0,
    reason="unzip is not installed",
)
def test_unzip_finds_the_archive_whole(tmp_path):
    path = tmp_path / "m.pellucid"
    path.write_bytes(DATA)
    run = subprocess.run(["unzip", "-t", path], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
