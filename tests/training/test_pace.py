import pytest

from pellucid.training.pace import Pace


def test_nothing_is_known_before_a_report():
    pace = Pace(first=0, last=10, steps=4, begun=5.0)
    assert (pace.done, pace.total, pace.rate, pace.left) == (0.0, 10, None, None)


def test_the_first_report_counts_from_the_start():
    pace = Pace(first=0, last=10, steps=4, begun=5.0)
    pace.report(0, 2, now=6.0)
    assert pace.done == 0.5
    assert pace.rate == pytest.approx(2.0)
    assert pace.left == pytest.approx(19.0)


def test_later_ones_leave_out_the_time_until_the_first():
    pace = Pace(first=0, last=10, steps=4, begun=0.0)
    pace.report(1, 0, now=100.0)
    for epoch in range(2, 6):
        pace.report(epoch, 0, now=100.0 + epoch)
    assert pace.rate == pytest.approx(4 * 4 / 5)
    assert pace.left == pytest.approx(5 * 5 / 4)


def test_a_run_that_goes_on_counts_from_where_it_begins():
    pace = Pace(first=6, last=10, steps=None, begun=0.0)
    pace.report(7, 0, now=2.0)
    assert (pace.done, pace.total, pace.left) == (1.0, 4, pytest.approx(6.0))
    assert pace.rate is None


def test_the_trainers_own_rate_is_believed():
    pace = Pace(first=0, last=2, steps=10, begun=0.0)
    pace.report(1, 0, now=9.0, told=5.0)
    assert (pace.rate, pace.left) == (5.0, 2.0)


def test_a_clock_that_stands_still_tells_nothing():
    pace = Pace(first=0, last=2, steps=10, begun=0.0)
    pace.report(1, 0, now=0.0)
    assert (pace.rate, pace.left) == (None, None)


def test_more_steps_than_expected_are_one_epoch():
    pace = Pace(first=0, last=2, steps=10, begun=0.0)
    pace.report(0, 12, now=1.0)
    assert pace.done == 1.0
