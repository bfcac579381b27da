"""Makes archives as a forger would: well-formed on the outside, with anything inside."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from pellucid.saving import container


def archive(
    members: Mapping[str, bytes],
    *,
    kind: str = "model",
    version: Any = 1,
    manifest: Any = None,
) -> bytes:
    """Return an archive of `members` with a true manifest, or with the given one."""
    if manifest is None:
        manifest = {
            "format": "pellucid",
            "version": version,
            "kind": kind,
            "members": {
                name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                for name, data in members.items()
            },
        }
    text = manifest if isinstance(manifest, bytes) else to_json(manifest)
    return packed([("manifest.json", text), *members.items()])


def packed(contents: list[tuple[str, bytes]]) -> bytes:
    """Return an archive of any members, names given twice among them."""
    members = container.arrange((name, len(data), zlib.crc32(data)) for name, data in contents)
    parts = [
        part
        for member, (_, data) in zip(members, contents, strict=True)
        for part in (member.header, data)
    ]
    return b"".join([*parts, container.directory(members)])


def to_json(value: Any) -> bytes:
    """Return `value` as JSON in UTF-8."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def tensors(header: Any, data: bytes = b"") -> bytes:
    """Return a safetensors member with any header."""
    text = to_json(header)
    return len(text).to_bytes(8, "little") + text + data


def zeros(shapes: Mapping[str, tuple[int, ...]]) -> bytes:
    """Return a safetensors member of float32 zeros."""
    header, place = {}, 0
    for name, shape in shapes.items():
        size = 4
        for axis in shape:
            size *= axis
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    return tensors(header, bytes(place))


def layer(name: str, kind: str, **fields: Any) -> dict[str, Any]:
    """Return the document of one layer."""
    return {"class": f"layer.{kind}", "config": {"name": name, **fields}}


def chain(*layers: dict[str, Any], shape: Any = (3,), name: str = "model") -> dict[str, Any]:
    """Return the document of a network whose layers follow one another."""
    members = [layer("x", "InputLayer", shape=list(shape)), *layers]
    steps = [
        {"member": number, "inputs": [[number - 1, 0]] if number else []}
        for number in range(len(members))
    ]
    return graph(members, steps, [[0, 0]], [[len(steps) - 1, 0]], name)


def graph(members: Any, steps: Any, inputs: Any, outputs: Any, name: Any = "model") -> Any:
    """Return the document of a network, with anything in its fields."""
    fields = {
        "name": name,
        "sequential": False,
        "members": members,
        "steps": steps,
        "inputs": inputs,
        "outputs": outputs,
    }
    return {"class": "graph.Graph", "config": fields}


def model(network: Any, shapes: Mapping[str, tuple[int, ...]] | None = None) -> bytes:
    """Return the file of a model with any network and weights of zeros."""
    return archive({"network.json": to_json(network), "weights.safetensors": zeros(shapes or {})})
