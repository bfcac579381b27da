"""A committee's members end where they would end one after the other."""

import numpy as np
import pytest

from pellucid.callbacks import EarlyStopping
from pellucid.tasks.committee import PATIENCE, Design, Member, build_member, train_committee

RNG = np.random.default_rng(1)
X = RNG.normal(size=(40, 2)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.int32)
PARTS = [Member(np.arange(30), np.arange(30, 40)), Member(np.arange(9, 40), np.arange(9))]


@pytest.mark.parametrize("probe", [None, "economy"])
def test_members_are_those_of_fits_of_their_own(probe):
    told = []
    committee = train_committee(
        X,
        Y,
        PARTS,
        "classes",
        2,
        epochs=3,
        design=Design(batch_size=16),
        seed=4,
        verbose=0,
        probe=probe,
        tell=told.append,
    )
    answers, histories = [], []
    for number, part in enumerate(PARTS):
        alone = build_member(2, 2, "classes", "alone", 4 + number, Design())
        history = alone.fit(
            X[part.training],
            Y[part.training],
            epochs=3,
            batch_size=16,
            validation_data=(X[part.validation], Y[part.validation]),
            callbacks=[EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
            verbose=0,
        )
        answers.append(alone.predict(X, verbose=0))
        histories.append(history.history)
        best = history.best("val_loss")
        assert told[number] == (
            f"member {number + 1} of 2: 3 epochs, best val_loss {best.value:.4g} in epoch "
            f"{best.epoch}"
        )
    mean = np.mean(answers, axis=0)
    np.testing.assert_allclose(committee.predict(X, verbose=0), mean, rtol=1e-5, atol=1e-6)
    for name, values in committee.history.history.items():
        expected = np.mean([one[name] for one in histories], axis=0)
        np.testing.assert_allclose(values, expected, rtol=1e-5, err_msg=name)
    assert bool(len(committee.history.probes)) == (probe is not None)
