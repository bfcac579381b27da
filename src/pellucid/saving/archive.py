"""The `.pellucid` archive: a manifest, JSON documents, and arrays in safetensors.

    with read_archive("model.pellucid") as archive:
        archive.documents["network"], archive.specs["weights"], archive.arrays("weights")

The manifest comes first and holds format version, kind, and size and SHA-256 of every
other member. Reading checks all sizes before it reads, and all contents against the
manifest before it parses. Nothing is written to disk, and arrays are made only on demand.
"""

import contextlib
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, NoReturn, Self

from pellucid.errors import near
from pellucid.saving import container, json_text, tensors
from pellucid.saving.container import Member, Source
from pellucid.saving.limits import DAMAGED, LIMITS, Limits, refuse, shown
from pellucid.saving.replace import replace_file
from pellucid.saving.tensors import Spec
from pellucid.types import NumpyArray

FORMAT = "pellucid"
VERSION = 1
"""Version of the format that is written; all earlier ones are read."""

KINDS = ("model", "weights", "checkpoint")
DOCUMENTS = ("network", "compile", "preprocessing", "history", "training")
ARRAYS = ("weights", "optimizer", "state")
"""The members that a file may have beside the manifest: `network.json`, `weights.safetensors`."""

MANIFEST = "manifest.json"
CHUNK = 2**20

Path = str | os.PathLike[str]


def write_archive(
    path: Path,
    kind: str,
    documents: Mapping[str, Any],
    arrays: Mapping[str, Mapping[str, Any]],
) -> None:
    """Write an archive in place of what may be at `path`, whole or not at all.

    Args:
        path: Where to write. The folder must exist.
        kind: One of `KINDS`.
        documents: JSON values, by names of `DOCUMENTS`.
        arrays: Arrays by name, by names of `ARRAYS`.

    Raises:
        NotSaveableError: A document or array holds what a file must not hold.
        FileError: The file cannot be written, or would be too large to be read again.
    """
    contents = dict(_encoded(os.fspath(path), documents, arrays))
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "kind": kind,
        "members": {
            name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in contents.items()
        },
    }
    contents = {MANIFEST: json_text.encode(manifest, f"{path}: {MANIFEST}"), **contents}
    members = container.arrange(
        (name, len(data), zlib.crc32(data)) for name, data in contents.items()
    )
    pieces = [piece for member in members for piece in (member.header, contents[member.name])]
    pieces.append(container.directory(members))
    total = sum(map(len, pieces))
    if total > LIMITS.file_bytes:
        refuse(os.fspath(path), f"{total:,} bytes", f"at most {LIMITS.file_bytes:,}", "")
    replace_file(path, pieces)


def _encoded(
    path: str, documents: Mapping[str, Any], arrays: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, bytes]]:
    unknown = [*(set(documents) - set(DOCUMENTS)), *(set(arrays) - set(ARRAYS))]
    if unknown:
        raise KeyError(f"{unknown} are no members of an archive")
    for name in DOCUMENTS:
        if name in documents:
            member = f"{name}.json"
            yield member, json_text.encode(documents[name], f"{path}: {member}")
    for name in ARRAYS:
        if name in arrays:
            member = f"{name}.safetensors"
            yield member, tensors.encode(arrays[name], f"{path}: {member}")


@dataclass(frozen=True)
class Archive:
    """An open archive whose documents are read and whose arrays wait.

    Args:
        where: How messages call the file.
        kind: One of `KINDS`.
        version: Version of the format in which the file was written.
        documents: JSON values by name.
        specs: What the file says of its arrays: by member, by array.
    """

    where: str
    kind: str
    version: int
    documents: dict[str, Any]
    specs: dict[str, dict[str, Spec]]
    _source: Source
    _members: dict[str, Member]
    _limits: Limits

    def arrays(self, name: str) -> dict[str, NumpyArray]:
        """Return the arrays of one member of `ARRAYS`; none if the file has no such member.

        Raises:
            FileError: The arrays are not what the header said when the archive was opened.
        """
        member = self._members.get(f"{name}.safetensors")
        if member is None:
            return {}
        where = f"{self.where}: {member.name}"
        data = self._source.read(member.start, member.size)
        return tensors.decode(data, where, self._limits)

    @property
    def members(self) -> tuple[str, ...]:
        """Names of the archive's members."""
        return tuple(self._members)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._source.file.close()


def read_archive(source: Path | bytes, limits: Limits = LIMITS) -> Archive:
    """Open an archive, checking all of it but the values of arrays.

    Args:
        source: A path, or the bytes of a file.
        limits: How large things may be.

    Raises:
        FileError: The file is missing, damaged, forged, too large, or of a newer version.
    """
    opened = _open(source, limits)
    try:
        return _read(opened, limits)
    except BaseException:
        opened.file.close()
        raise


def _open(source: Path | bytes, limits: Limits) -> Source:
    if isinstance(source, bytes):
        opened = Source(io.BytesIO(source), len(source), "file")
    else:
        file = _open_file(os.fspath(source))
        opened = Source(file, os.fstat(file.fileno()).st_size, os.fspath(source))
    if opened.size > limits.file_bytes:
        opened.file.close()
        refuse(opened.where, f"{opened.size:,} bytes", f"at most {limits.file_bytes:,}", "")
    return opened


def _open_file(path: str) -> BinaryIO:
    # A pipe would wait for ever to be opened, were it not for O_NONBLOCK.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        file = os.fdopen(os.open(path, flags), "rb")
    except IsADirectoryError:
        refuse(path, "a folder", "a .pellucid file", "Give the path of a file in it.")
    except (OSError, ValueError) as error:
        _refuse_unopened(path, error)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        refuse(path, "a device or pipe", "a file on disk", "Copy it to a file first.")
    return file


def _refuse_unopened(path: str, error: OSError | ValueError) -> NoReturn:
    if isinstance(error, FileNotFoundError):
        folder, name = os.path.split(path)
        siblings: list[str] = []
        with contextlib.suppress(OSError):
            siblings = os.listdir(folder or ".")
        close = near(name, siblings)
        fix = f"Did you mean '{os.path.join(folder, close)}'?" if close else "Check the path."
        refuse(path, "no such file", "a .pellucid file", fix)
    reason = getattr(error, "strerror", None) or str(error)
    refuse(path, f"a file that cannot be opened ({reason})", "a readable file", "Check the path.")


def _read(source: Source, limits: Limits) -> Archive:
    members = {member.name: member for member in container.read_members(source, limits)}
    manifest = _read_manifest(source, members, limits)
    _check_contents(source, members, manifest)
    found = {
        name: _read_document(source, members[f"{name}.json"], limits)
        for name in DOCUMENTS
        if f"{name}.json" in members
    }
    specs = {
        name: _read_specs(source, members[f"{name}.safetensors"], limits)
        for name in ARRAYS
        if f"{name}.safetensors" in members
    }
    kind, version = manifest["kind"], manifest["version"]
    return Archive(source.where, kind, version, found, specs, source, members, limits)


def _read_manifest(source: Source, members: Mapping[str, Member], limits: Limits) -> dict[str, Any]:
    where = f"{source.where}: {MANIFEST}"
    if next(iter(members), None) != MANIFEST:
        refuse(source.where, "an archive that does not begin with a manifest", "a .pellucid file")
    manifest = _read_document(source, members[MANIFEST], limits)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        refuse(where, shown(manifest), 'an object with "format": "pellucid"')
    version = manifest.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        refuse(where, f"the format version {shown(version)}", "a whole number from 1 on")
    if version > VERSION:
        given, expected = f"format version {version}", f"at most {VERSION}"
        fix = "The file was written by a newer version: pip install --upgrade pellucid."
        refuse(source.where, given, expected, fix)
    if set(manifest) != {"format", "version", "kind", "members"}:
        refuse(where, f"the keys {shown(', '.join(manifest))}", "format, version, kind, members")
    if not isinstance(manifest["kind"], str) or manifest["kind"] not in KINDS:
        refuse(where, f"the kind {shown(manifest['kind'])}", f"one of {', '.join(KINDS)}")
    return manifest


def _check_contents(
    source: Source, members: Mapping[str, Member], manifest: Mapping[str, Any]
) -> None:
    """Compare names, sizes, checksums and SHA-256 of all members with directory and manifest."""
    where, listed = f"{source.where}: {MANIFEST}", manifest["members"]
    known = [f"{name}.json" for name in DOCUMENTS] + [f"{name}.safetensors" for name in ARRAYS]
    for name in members:
        if name != MANIFEST and name not in known:
            refuse(source.where, f"the member '{name}'", f"one of {', '.join(known)}")
    if not isinstance(listed, dict) or set(listed) != set(members) - {MANIFEST}:
        refuse(where, f"a list of {shown(listed)}", "the members that the file has")
    for name, member in members.items():
        sha, crc = _digest(source, member)
        told = {"size": member.size, "sha256": sha}
        if crc != member.crc or (name != MANIFEST and listed[name] != told):
            given = "contents that differ from what was written"
            refuse(f"{source.where}: {name}", given, "the checksum in the manifest", DAMAGED)


def _digest(source: Source, member: Member) -> tuple[str, int]:
    sha, crc = hashlib.sha256(), 0
    for start in range(member.start, member.end, CHUNK):
        piece = source.read(start, min(CHUNK, member.end - start))
        sha.update(piece)
        crc = zlib.crc32(piece, crc)
    return sha.hexdigest(), crc


def _read_document(source: Source, member: Member, limits: Limits) -> Any:
    where = f"{source.where}: {member.name}"
    if member.size > limits.document_bytes:
        refuse(where, f"{member.size:,} bytes of JSON", f"at most {limits.document_bytes:,}")
    return json_text.decode(source.read(member.start, member.size), where, limits)


def _read_specs(source: Source, member: Member, limits: Limits) -> dict[str, Spec]:
    where = f"{source.where}: {member.name}"
    head = source.read(member.start, min(member.size, tensors.LENGTH_BYTES))
    length = tensors.header_length(head, member.size, where, limits)
    start = member.start + tensors.LENGTH_BYTES
    data_bytes = member.end - start - length
    return tensors.read_header(source.read(start, length), data_bytes, where, limits)
