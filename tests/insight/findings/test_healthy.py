"""Silence on healthy set-ups is worth as much as speech on sick ones."""

import pytest

from insight.findings.set_ups import HEALTHY


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_wrong_with_a_healthy_set_up(name):
    model, x, y, options = HEALTHY[name]()
    diagnosis = model.check(x, y, **options)
    assert diagnosis.healthy, str(diagnosis)
