"""What is trained within a wider recipe ends where it ends alone."""

import jax
import numpy as np
import pytest

import pellucid
from pellucid import layers
from pellucid.callbacks import EarlyStopping
from pellucid.models.cohort import Candidate, Cohort, Data
from pellucid.optimizers import engine
from pellucid.optimizers.catalogue import CLASSES
from pellucid.training import population as population_module
from pellucid.training import state as states
from pellucid.training.recipe import Recipe
from pellucid.training.widening import widening

RNG = np.random.default_rng(1)
X = RNG.normal(size=(80, 3)).astype(np.float32)
Y = (X[:, 0] * X[:, 1] > 0).astype(np.float32)
DATA = Data(X, Y)
PARTS = np.arange(60), np.arange(60, 80)
BY_ELEMENT = [kind for kind in CLASSES if kind.elementwise]


def recipe(width, optimizer, loss="binary_crossentropy", activation="relu"):
    """Return the recipe of a small network of this width, and its first weights."""
    model = mlp(width, optimizer, loss=loss, activation=activation)
    found = Cohort([Candidate(model, DATA, {"epochs": 1}, *PARTS)]).trainees[0].recipe
    return found, model.packed(found)


def mlp(width, optimizer=None, loss="binary_crossentropy", activation="relu", seed=0):
    model = pellucid.Sequential(
        [
            layers.Input((3,)),
            layers.Dense(width, activation),
            layers.Dropout(0.3),
            layers.BatchNormalization(),
            layers.Dense(width, "tanh"),
            layers.Dense(1, "sigmoid"),
        ],
        seed=seed,
    )
    optimizer = pellucid.optimizers.Adam(0.01) if optimizer is None else optimizer
    model.compile(optimizer, loss, metrics=["accuracy"])
    return model


@pytest.mark.parametrize("kind", BY_ELEMENT, ids=lambda kind: kind.__name__)
def test_updates_leave_zeros_and_move_the_rest_as_alone(kind):
    options = {"weight_decay": 0.1, "global_clipnorm": 0.5, "use_ema": True}
    optimizer = kind(0.05, **options)
    (own, vectors), (wider, _) = recipe(3, optimizer), recipe(5, optimizer)
    within = widening(own, wider)
    assert within is not None
    places, layout = within.trained, wider.trained
    begun = states.begin(own, *vectors)
    narrow, state = begun.trained, begun.optimizer
    held = within.padded(begun)
    wide, padded = held.trained, held.optimizer
    for step in range(3):
        slopes = RNG.normal(size=len(places)).astype(np.float32)
        padded_slopes = np.zeros(layout.size, np.float32)
        padded_slopes[places] = slopes
        given = np.int32(step)
        narrow, state = engine.apply_gradients(
            optimizer, own.trained, narrow, slopes, state, given, roles=own.roles
        )
        wide, padded = engine.apply_gradients(
            optimizer, layout, wide, padded_slopes, padded, given, roles=wider.roles
        )
    np.testing.assert_allclose(np.asarray(wide)[places], narrow, rtol=1e-5, atol=1e-7)
    assert not np.delete(np.asarray(wide), places).any()


class Restless(pellucid.optimizers.SGD):
    """An optimizer of one's own, which may move what has no gradient."""

    elementwise = True


@pytest.mark.parametrize(
    "optimizer",
    [
        pellucid.optimizers.Adam(0.01, epsilon=0.0),
        pellucid.optimizers.Lamb(0.01),
        pellucid.optimizers.Muon(0.01),
        Restless(0.01),
    ],
    ids=lambda one: type(one).__name__,
)
def test_optimizers_that_might_move_zeros_train_by_programs_of_their_own(optimizer):
    assert widening(recipe(3, optimizer)[0], recipe(5, optimizer)[0]) is None


def test_recipes_that_differ_in_more_than_widths_do_not_fit():
    adam = pellucid.optimizers.Adam(0.01)
    own = recipe(3, adam)[0]
    assert widening(own, recipe(5, pellucid.optimizers.SGD(0.01))[0]) is None
    assert widening(own, recipe(5, adam, loss="mse")[0]) is None
    assert widening(own, recipe(5, adam, activation="elu")[0]) is None
    assert widening(recipe(5, adam)[0], own) is None


def test_a_state_comes_back_as_it_went_in():
    optimizer = pellucid.optimizers.Adam(0.01, use_ema=True)
    model = mlp(3, optimizer)
    stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
    candidate = Candidate(model, DATA, {"epochs": 1, "callbacks": [stop]}, *PARTS)
    trainee = Cohort([candidate]).trainees[0]
    begun = trainee.member.begin()
    wide = Candidate(mlp(5, optimizer), DATA, candidate.fit, *PARTS)
    within = widening(trainee.recipe, Cohort([wide]).trainees[0].recipe)
    assert within is not None
    padded = within.padded(begun)
    assert padded.trained.size == within.recipe.trained.size > begun.trained.size
    again = within.cropped(padded)
    for one, other in zip(leaves(again), leaves(begun), strict=True):
        np.testing.assert_array_equal(one, other)


def leaves(state):
    return [np.asarray(one) for one in jax.tree.leaves(state)]


def test_a_recipe_without_weights_beside_those_that_are_trained():
    model = pellucid.Sequential([layers.Input((3,)), layers.Dense(4, "relu"), layers.Dense(1)])
    model.compile("sgd", "mse")
    found = Cohort([Candidate(model, DATA, {"epochs": 1}, *PARTS)]).trainees[0].recipe
    assert isinstance(found, Recipe)
    within = widening(found, found)
    assert within is not None
    assert within.carried.size == 0
    assert within.trained.tolist() == [*range(found.trained.size)]


@pytest.mark.parametrize("together", [False, True])
def test_members_of_several_widths_share_a_program_and_end_as_alone(together, monkeypatch):
    monkeypatch.setattr(population_module, "computed_together", lambda: together)
    stop = EarlyStopping("val_loss", patience=2, restore_best_weights=True)
    fit = {"epochs": 4, "batch_size": 8, "callbacks": [stop]}
    widths = [3, 5, 2]
    candidates = [
        Candidate(mlp(width, seed=width), DATA, fit, *PARTS, wider=mlp(5)) for width in widths
    ]
    cohort = Cohort(candidates)
    assert cohort.programs == len({one.member.key for one in cohort.trainees}) == 1
    cohort.train()
    (x, held_x), (y, held_y) = ([rows[part] for part in PARTS] for rows in (X, Y))
    for width, trainee in zip(widths, cohort.trainees, strict=True):
        model = mlp(width, seed=width)
        alone = model.fit(x, y, validation_data=(held_x, held_y), verbose=0, **fit).history
        assert alone.keys() == trainee.history.history.keys()
        for name, values in alone.items():
            np.testing.assert_allclose(trainee.history.history[name], values, rtol=2e-5)
        for one, other in zip(trainee.finished().get_weights(), model.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
