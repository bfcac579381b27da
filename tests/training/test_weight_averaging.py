"""Stochastic weight averaging, beside means worked out in NumPy."""

import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.callbacks import SWA, EarlyStopping, Snapshots
from pellucid.errors import ArgumentError
from pellucid.models.cohort import Candidate, Cohort, Data

RNG = np.random.default_rng(2)
X = RNG.normal(size=(45, 3)).astype(np.float32)
Y = (X[:, :1] * X[:, 1:2]).astype(np.float32)
BATCH = 16


def network(seed=1, **optimizer):
    model = pellucid.Sequential(
        [layers.Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(1)],
        seed=seed,
    )
    model.compile(pellucid.optimizers.Adam(0.05, **optimizer), "mse")
    return model


def trained(*callbacks, model=None, epochs=6, rows=(X, Y), **fit):
    model = model or network()
    model.fit(*rows, epochs=epochs, batch_size=BATCH, callbacks=callbacks, verbose=0, **fit)
    return model


def trainable(weights):
    return [weights[place] for place in (0, 1, 2, 3, 6, 7)]


@pytest.mark.parametrize(("frequency", "taken"), [(1, (4, 5, 6)), (2, (4, 6))])
def test_the_run_ends_with_the_mean_of_the_weights_after_the_epochs(frequency, taken):
    snapshots = Snapshots(range(7))
    plain = trained(snapshots)
    averaged = trained(SWA(3, frequency))
    for place in (0, 1, 2, 3, 6, 7):
        mean = np.mean([snapshots.weights[epoch][place] for epoch in taken], axis=0)
        np.testing.assert_allclose(averaged.get_weights()[place], mean, rtol=1e-5, atol=1e-6)
    assert not np.allclose(averaged.get_weights()[0], plain.get_weights()[0])


def test_batch_statistics_are_those_of_the_mean_weights_over_all_training_rows():
    kernel, bias, _, _, mean, variance, *_ = trained(SWA(3)).get_weights()
    hidden = X @ kernel + bias
    batches = [hidden[start : start + BATCH] for start in range(0, len(hidden), BATCH)]
    sizes = [len(one) for one in batches]
    within = np.average([one.var(axis=0) for one in batches], axis=0, weights=sizes)
    np.testing.assert_allclose(mean, hidden.mean(axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(variance, within, rtol=1e-5)


def test_nothing_is_averaged_where_the_run_stops_before_the_start():
    stop = EarlyStopping("loss", baseline=-1, patience=1)
    early = trained(SWA(5), stop)
    assert len(early.history) < 5
    plain = trained(EarlyStopping("loss", baseline=-1, patience=1))
    for one, other in zip(early.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_members_of_a_population_average_each_by_its_own_numbers():
    kinds = [(1, SWA(3)), (2, SWA(1, 2)), (3, SWA(0))]
    fit = {"epochs": 6, "batch_size": BATCH}
    data = Data(X, Y)
    cohort = Cohort(
        [Candidate(network(seed), data, {**fit, "callbacks": [swa]}) for seed, swa in kinds]
    )
    assert cohort.programs == 1
    cohort.train()
    for (seed, swa), trainee in zip(kinds, cohort.trainees, strict=True):
        alone = trained(swa, model=network(seed))
        for one, other in zip(trainee.finished().get_weights(), alone.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("callbacks", "optimizer", "told"),
    [
        ([SWA(6)], {}, "SWA(start=...): got 6, expected fewer than the 6 epochs of the fit."),
        (
            [SWA(2), EarlyStopping("loss", restore_best_weights=True)],
            {"use_ema": True},
            "2 problems:\n"
            "  1. fit: SWA: got EarlyStopping(restore_best_weights=True) beside it, expected one "
            "that says with which weights the fit ends.\n"
            "  2. fit: SWA: got Adam(use_ema=True) beside it, expected one that says with which "
            "weights the fit ends.",
        ),
        (
            [SWA(2), SWA(3)],
            {},
            "fit: SWA: got another SWA beside it, expected one that says with which weights the "
            "fit ends.",
        ),
    ],
)
def test_what_would_be_in_its_way_is_refused(callbacks, optimizer, told):
    with pytest.raises(ArgumentError) as error:
        trained(*callbacks, model=network(**optimizer))
    assert str(error.value) == told


def test_a_generator_does_not_hold_the_rows_for_statistics():
    def batches():
        while True:
            yield X[:BATCH], Y[:BATCH]

    with pytest.raises(ArgumentError) as error:
        network().fit(batches(), epochs=4, steps_per_epoch=2, callbacks=[SWA(2)], verbose=0)
    assert str(error.value) == (
        "fit: SWA: got rows from a generator or a dataset for a network with BatchNormalization, "
        "expected rows in memory, over which its statistics are estimated anew."
    )
