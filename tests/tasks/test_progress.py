"""How far a prediction is: told to the display, and ended whatever happens."""

import pytest

from pellucid.tasks import progress
from pellucid.training.observer import Progress


class Noted(Progress):
    def __init__(self):
        self.told = []

    def start(self, epochs, steps_per_epoch, *more, **options):
        self.told.append(("start", steps_per_epoch))

    def update(self, epoch, step, *more, **options):
        self.told.append(step)

    def finish(self, reason=None):
        self.told.append("finish")


@pytest.fixture
def noted(monkeypatch):
    shown = Noted()
    monkeypatch.setattr(progress, "progress_for", lambda *arguments, **options: shown)
    return shown.told


def test_each_part_is_told_when_it_is_done(noted):
    parts = []
    for part in progress.one_by_one("abc", "auto"):
        parts.append((part, len(noted)))
    assert parts == [("a", 1), ("b", 2), ("c", 3)]
    assert noted == [("start", 3), 1, 2, 3, "finish"]


def test_the_display_ends_when_the_work_breaks_off(noted):
    def work():
        for _ in progress.one_by_one("abc", "auto"):
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        work()
    assert noted == [("start", 3), "finish"]


def test_nothing_is_shown_where_there_is_no_terminal(capsys):
    assert [*progress.one_by_one("abc", "auto")] == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
