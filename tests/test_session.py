import pytest

from pellucid import session


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    monkeypatch.setattr(session, "_droppers", [])


def test_everything_registered_is_dropped_once_and_in_order():
    dropped = []

    @session.on_clear
    def first():
        dropped.append("first")

    session.on_clear(lambda: dropped.append("second"))
    session.on_clear(first)
    session.clear()
    assert dropped == ["first", "second"]
