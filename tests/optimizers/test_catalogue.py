"""Optimisers by name, class, configuration and object."""

import pytest

from pellucid import optimizers
from pellucid.optimizers import schedules
from pellucid.optimizers.catalogue import CLASSES


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_any_spelling_of_a_name_is_known(cls):
    name = cls.__name__
    for spelling in (name, name.lower(), name.upper()):
        assert type(optimizers.get(spelling)) is cls
    assert type(optimizers.get(cls)) is cls
    optimizer = cls()
    assert optimizers.get(optimizer) is optimizer


@pytest.mark.parametrize("spelling", ["rmsprop", "RMSProp", "rms_prop", "adam_w", "Adam", "SGD"])
def test_spellings_of_scripts_are_known(spelling):
    if spelling == "rms_prop":
        with pytest.raises(ValueError, match="Did you mean 'rmsprop'"):
            optimizers.get(spelling)
    else:
        optimizers.get(spelling)


def test_nothing_stands_for_nothing():
    assert optimizers.get(None) is None


def test_public_names_are_real():
    for module in (optimizers, schedules):
        assert module.__all__ == sorted(module.__all__, key=module.__all__.index)
        for name in module.__all__:
            assert getattr(module, name) is not None
        described = {cls.__name__ for cls in vars(module).values() if isinstance(cls, type)}
        assert described <= set(module.__all__)
