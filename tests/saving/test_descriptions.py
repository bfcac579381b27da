import contextlib
import copy
import importlib
import pkgutil
import tracemalloc

import pytest

import pellucid
from pellucid.errors import ArgumentError, FileError
from pellucid.saving.descriptions import VOCABULARIES, describe, find_class, reading, revive
from pellucid.saving.network import build_network
from pellucid.vocabulary import Vocabulary
from saving import forge

HOLDERS = (
    "constraints",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "regularizers",
)
"""The modules that hold vocabularies of what a file may name."""


def vocabularies():
    for holder in HOLDERS:
        module = importlib.import_module(f"pellucid.{holder}")
        inner = pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}.")
        for name in (module.__name__, *(one.name for one in inner)):
            for value in vars(importlib.import_module(name)).values():
                if isinstance(value, Vocabulary):
                    yield value


def test_every_vocabulary_is_known_to_files():
    found = {vocabulary.kind: vocabulary for vocabulary in vocabularies()}
    assert len(found) == 8
    assert found == VOCABULARIES


def defaults():
    """Yield an object of every class that needs no arguments."""
    for kind, vocabulary in VOCABULARIES.items():
        for name, cls in vocabulary.classes.items():
            try:
                yield pytest.param(cls(), id=f"{kind}.{name}")
            except pellucid.errors.ArgumentError:
                continue


@pytest.mark.parametrize("made", list(defaults()))
def test_what_is_described_is_made_again(made):
    document = describe({"it": made}, "m")
    found = revive(document, "m")["it"]
    assert type(found) is type(made)
    assert describe(found, "m") == document["it"]


NEEDED = {
    "Activation": {"activation": "relu"},
    "AlphaDropout": {"rate": 0.5},
    "CategoryEncoding": {"num_tokens": 4},
    "CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 9},
    "CosineDecayRestarts": {"initial_learning_rate": 0.1, "first_decay_steps": 9},
    "Dense": {"units": 2},
    "Dropout": {"rate": 0.5},
    "IoU": {"num_classes": 2, "target_class_ids": [0]},
    "MeanIoU": {"num_classes": 2},
    "OneHotIoU": {"num_classes": 2, "target_class_ids": [0]},
    "Permute": {"dims": [1]},
    "PiecewiseConstantDecay": {"boundaries": [1], "values": [0.1, 0.2]},
    "PrecisionAtRecall": {"recall": 0.5},
    "RepeatVector": {"n": 2},
    "Reshape": {"target_shape": [3]},
}
"""What classes cannot do without, so that their numbers can be forged."""


def numbers_in(value, path=()):
    """Yield the path to everything in a configuration that is not a description itself."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from numbers_in(item, (*path, key))


@pytest.mark.parametrize("kind", VOCABULARIES)
def test_no_number_in_a_file_costs_memory(kind):
    """Whatever number stands wherever in a description, making it allocates next to nothing."""
    forged = 0
    for name, cls in VOCABULARIES[kind].classes.items():
        try:
            document = describe(cls(**NEEDED.get(name, {})), "m")
        except ArgumentError:
            continue
        for *path, key in numbers_in(document["config"]):
            for number in (10**9, 10**12, -1, [10**6, 10**6]):
                changed = copy.deepcopy(document)
                holder = changed["config"]
                for step in path:
                    holder = holder[step]
                holder[key] = number
                tracemalloc.start()
                with contextlib.suppress(FileError):
                    if kind == "layer":
                        changed["config"]["name"] = "it"
                        build_network(forge.chain(changed), "m")
                    else:
                        revive(changed, "m")
                _, peak = tracemalloc.get_traced_memory()
                tracemalloc.stop()
                assert peak < 2**22, (name, key, number)
                forged += 1
    assert forged > 8


@pytest.mark.parametrize("written", ["layer.relu", "layer.dense", "loss.mse", "optimizer.adam"])
def test_a_file_names_classes_and_no_aliases(written):
    with pytest.raises(FileError, match=r"got the unknown (layer|loss|optimizer)"):
        find_class(written, "m")


def test_an_error_of_any_kind_becomes_a_file_error():
    with pytest.raises(FileError) as caught, reading("m"):
        raise KeyError("dtype\x1b")
    assert str(caught.value) == (
        r"m: got contents that cannot be used (KeyError: \"'dtype\\x1b'\"), "
        "expected those of a saved model. "
        "The file is damaged or was not written by pellucid: copy or save it again."
    ).replace(r"\"", '"')


def test_a_lack_of_memory_is_not_blamed_on_the_file():
    with pytest.raises(MemoryError), reading("m"):
        raise MemoryError
