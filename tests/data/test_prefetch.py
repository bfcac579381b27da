"""What is made in other threads before it is asked for."""

import gc
import threading
import time
import weakref

import pytest

from pellucid.data.prefetch import Ahead, in_order


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_order_whoever_is_ready_first(workers):
    def slow(number):
        time.sleep(0.02 * (number % 2 == 0))
        return number

    calls = [lambda number=number: slow(number) for number in range(7)]
    assert list(in_order(calls, workers)) == list(range(7))


def test_no_more_calls_are_begun_than_there_are_workers():
    begun = []
    results = in_order([lambda number=number: begun.append(number) for number in range(9)], 3)
    next(results)
    time.sleep(0.05)
    assert sorted(begun) == [0, 1, 2]
    results.close()


def test_an_error_comes_where_its_result_is_due():
    def broken():
        raise OSError("disk")

    results = in_order([lambda: 1, broken, lambda: 3], 2)
    assert next(results) == 1
    with pytest.raises(OSError, match="disk"):
        next(results)


class Thing:
    """Something of which one can tell whether it still exists."""

    alive = 0
    most = 0

    def __init__(self):
        Thing.alive += 1
        Thing.most = max(Thing.most, Thing.alive)
        weakref.finalize(self, self.gone)

    @staticmethod
    def gone():
        Thing.alive -= 1


def test_two_items_exist_at_most():
    gc.collect()
    Thing.alive = Thing.most = 0
    with Ahead(lambda check: (Thing() for _ in range(20))) as things:
        for _ in things:
            time.sleep(0.002)
    assert Thing.most == 2


def test_the_next_item_is_made_while_the_last_is_used():
    made = threading.Event()

    def items(check):
        yield 1
        made.set()
        yield 2

    with Ahead(items) as ahead:
        assert next(ahead) == 1
        assert made.wait(5)
        assert ahead.ready(5)
        assert next(ahead) == 2
        with pytest.raises(StopIteration):
            next(ahead)
        with pytest.raises(StopIteration):
            next(ahead)


def test_an_error_of_the_thread_is_raised_where_its_item_is_asked_for():
    def items(check):
        yield 1
        raise KeyError("lost")

    with Ahead(items) as ahead:
        assert next(ahead) == 1
        with pytest.raises(KeyError, match="lost"):
            next(ahead)


def test_waiting_ends_when_nothing_comes():
    go_on = threading.Event()

    def items(check):
        go_on.wait(5)
        yield 1

    with Ahead(items) as ahead:
        assert not ahead.ready(0.01)
        go_on.set()
        assert ahead.ready(5)


def test_closing_ends_a_thread_in_the_middle_of_its_work():
    def items(check):
        while True:
            check()
            time.sleep(0.001)
        yield

    ahead = Ahead(items)
    ahead.close()
    assert "pellucid-ahead" not in [one.name for one in threading.enumerate()]
