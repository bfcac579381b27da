"""What chooses rows by number says so where rows come batch by batch."""

import pytest

import pellucid
from pellucid.errors import ArgumentError
from pellucid.utils import dataset_from_chunks
from tuning.set_ups import CLASSES, X, classifier

CALLS = {
    "cross_validate": lambda x: pellucid.cross_validate(classifier(), x, None),
    "compare": lambda x: pellucid.compare(classifier(), classifier(), x, None),
    "bootstrap": lambda x: pellucid.bootstrap(classifier(), x, None),
    "learning_curve": lambda x: pellucid.learning_curve(classifier(), x, None),
    "validation_curve": lambda x: pellucid.validation_curve(
        classifier(), x, None, "drop.rate", [0.1]
    ),
    "permutation_importance": lambda x: pellucid.permutation_importance(classifier(), x, None),
    "calibration": lambda x: pellucid.calibration(classifier(), x, None),
    "regularisation_path": lambda x: pellucid.regularisation_path(classifier(), x, None, "l2"),
    "tune": lambda x: pellucid.tune(classifier(), None, x, trials=1),
}

STREAMS = {
    "generator": lambda: ((X, CLASSES) for _ in range(2)),
    "ChunkedDataset": lambda: dataset_from_chunks(lambda number: (X, CLASSES), [60], batch_size=8),
}


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize("name", CALLS)
def test_rows_that_come_batch_by_batch_are_refused(name, kind):
    with pytest.raises(ArgumentError) as told:
        CALLS[name](STREAMS[kind]())
    assert str(told.value) == (
        f"{name}(x=...): got a {kind}, which makes batches one by one, expected rows in memory, "
        "to choose from. Join its batches first: np.concatenate([...])."
    )


@pytest.mark.parametrize("kind", STREAMS)
def test_rows_to_judge_by_that_come_batch_by_batch_are_refused(kind):
    told = f"got {kind}, expected (x, y) or (x, y, sample_weight)."
    with pytest.raises(ArgumentError) as error:
        pellucid.tune(classifier(), None, X, CLASSES, trials=1, validation_data=STREAMS[kind]())
    assert str(error.value) == f"tune(validation_data=...): {told}"
    with pytest.raises(ArgumentError) as error:
        pellucid.regularisation_path(
            classifier(), X, CLASSES, "l2", validation_data=STREAMS[kind]()
        )
    assert str(error.value) == f"regularisation_path(validation_data=...): {told}"
