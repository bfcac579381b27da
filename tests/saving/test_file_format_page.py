"""The page that describes the format says what the code does."""

import dataclasses
import re
from pathlib import Path

import numpy as np

import pellucid
from pellucid import layers
from pellucid.saving import archive, files, json_text, network, tensors
from pellucid.saving.descriptions import VOCABULARIES
from pellucid.saving.limits import LIMITS

PAGE = (Path(__file__).parents[2] / "docs" / "file-format.md").read_text(encoding="utf-8")


def test_the_reader_on_the_page_reads_weights(tmp_path):
    model = pellucid.Sequential([pellucid.Input((3,)), layers.Dense(4), layers.Dense(2)])
    model.save(tmp_path / "m.pellucid")
    place = {}
    exec(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], place)
    found = place["read_weights"](tmp_path / "m.pellucid")
    assert set(found) == {"dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"}
    held = {path: array for path, array in zip(sorted(found), sorted_weights(model), strict=True)}
    assert all(np.array_equal(found[path], held[path]) for path in found)


def sorted_weights(model):
    """Return the arrays of two dense layers in the order of their sorted paths."""
    first_kernel, first_bias, second_kernel, second_bias = model.get_weights()
    return [first_bias, first_kernel, second_bias, second_kernel]


def test_every_limit_is_on_the_page():
    table = PAGE.split("## Limits")[1]
    told = {int(number.replace(",", "")) for number in re.findall(r"\| ([\d,]+)", table)}
    kept = set(dataclasses.asdict(LIMITS).values())
    kept |= {json_text.LONGEST_NUMBER, tensors.LONGEST_NAME}
    assert told - {2} == kept
    assert "2^48" in table
    assert tensors.MOST_VALUES == 2**48
    assert f"1 to {network.LONGEST_NAME} printable" in PAGE


def test_every_member_is_on_the_page():
    table = PAGE.split("## Members")[1].split("`manifest.json` must")[0]
    names = [f"{name}.json" for name in archive.DOCUMENTS]
    names += [f"{name}.safetensors" for name in archive.ARRAYS]
    assert re.findall(r"^\| `([a-z.]+)`", table, re.MULTILINE) == ["manifest.json", *names]
    for kind, needed in files.NEEDED.items():
        for name in needed:
            row = next(line for line in table.splitlines() if f"`{name}`" in line)
            kinds = row.split("|")[3]
            assert kind in kinds
            assert f"{kind}, optional" not in kinds


def test_types_kinds_and_version_are_on_the_page():
    assert f"format version {archive.VERSION}" in PAGE
    assert f"`{' '.join(tensors.DTYPES)}`" in PAGE
    told = re.search(r"The kinds are\s+(.*?);", PAGE, re.DOTALL)[1]
    assert set(re.findall(r"`(\w+)`", told)) == set(VOCABULARIES)
    assert all(f'`"{kind}"`' in PAGE for kind in archive.KINDS)
