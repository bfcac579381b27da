"""Laws that every optimiser of the catalogue keeps."""

import itertools
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

from optimizers.cases import CASES, SHAPES, Stepper, label, sequences
from pellucid import optimizers
from pellucid.description import bind, structure, tunables
from pellucid.optimizers.catalogue import CLASSES, OPTIMIZERS
from pellucid.optimizers.engine import apply_gradients, begin
from pellucid.optimizers.schedules import PolynomialDecay
from pellucid.tree import Layout

OWN = [(name, options) for name, rows in CASES.items() for options in rows]
ELEMENTWISE = [(name, options) for name, options in OWN if OPTIMIZERS.classes[name].elementwise]
LAYOUT = Layout(tuple(SHAPES.values()))
SMALL = Layout(((3, 4), (4,)))

RATES = {
    "Adadelta": {"learning_rate": 30.0},
    "Adafactor": {"learning_rate": 0.5},
    "Adagrad": {"learning_rate": 1.0},
    "Adam": {"learning_rate": 0.1},
    "AdamW": {"learning_rate": 0.1, "weight_decay": 0.0},
    "Adamax": {"learning_rate": 0.1},
    "Ftrl": {"learning_rate": 0.3},
    "Lamb": {"learning_rate": 0.05},
    "Lion": {"learning_rate": 0.02},
    "Muon": {"learning_rate": 0.1, "weight_decay": None, "adam_weight_decay": None},
    "Nadam": {"learning_rate": 0.1},
    "RMSprop": {"learning_rate": 0.05},
    "SGD": {"learning_rate": 0.002, "momentum": 0.9},
    "ScheduleFreeAdamW": {"learning_rate": 0.1},
}
"""Settings under which each optimiser goes downhill."""


def parabola(w):
    """A bowl with its bottom at 1, three times as steep along one axis as along the other."""
    return jnp.sum(jnp.array([[1.0, 3.0, 2.0], [2.0, 1.0, 3.0]]) * jnp.square(w - 1.0))


def rosenbrock(w):
    """A bent valley with its bottom at (1, 1)."""
    return jnp.square(1.0 - w[0]) + 100.0 * jnp.square(w[1] - jnp.square(w[0]))


def minimized(optimizer, function, start, steps):
    """Return where `steps` compiled steps lead, and the value there."""
    layout = Layout((np.shape(start),))

    def one(carry, step):
        packed, state = carry
        slope = jax.grad(lambda w: function(layout.unpack(w)[0]))(packed)
        return apply_gradients(optimizer, layout, packed, slope, state, step), None

    @jax.jit
    def run(packed, state):
        return lax.scan(one, (packed, state), jnp.arange(steps))[0][0]

    state = jax.tree.map(jnp.asarray, begin(optimizer, layout))
    end = layout.unpack(run(jnp.ravel(jnp.asarray(start, jnp.float32)), state))[0]
    return end, float(function(end))


def downhill(name, steps):
    options = dict(RATES[name])
    if name == "Ftrl":
        # A falling rate would pull it to 0: it follows the leader, and slows down by itself.
        return OPTIMIZERS.classes[name](**options)
    rate = PolynomialDecay(options.pop("learning_rate"), steps, end_learning_rate=0.0)
    return OPTIMIZERS.classes[name](learning_rate=rate, **options)


def test_every_optimizer_is_in_the_tables():
    assert set(RATES) == set(OPTIMIZERS.classes) == {cls.__name__ for cls in CLASSES}
    public = {name for name in optimizers.__all__ if name[0].isupper() and name[1].islower()}
    assert public | {"SGD", "RMSprop"} == set(RATES) | {"Optimizer", "OptaxOptimizer"}


@pytest.mark.parametrize("name", RATES)
def test_a_parabola_is_minimized(name):
    start = [[-1.0, 0.5, 2.0], [0.3, -0.5, 1.5]]
    end, value = minimized(downhill(name, 600), parabola, start, 600)
    assert value < 1e-3
    assert end.dtype == jnp.float32


@pytest.mark.parametrize("name", RATES)
def test_the_bottom_of_rosenbrocks_valley_is_reached(name):
    end, value = minimized(downhill(name, 6000), rosenbrock, [-1.0, 1.0], 6000)
    assert value < 0.05
    np.testing.assert_allclose(end, [1.0, 1.0], atol=0.4)


@pytest.mark.parametrize(("name", "options"), OWN, ids=label)
def test_state_keeps_its_shapes_and_types(name, options):
    """What a step returns fits where it came from, so that a loop can carry it."""
    optimizer = OPTIMIZERS.classes[name](**options)
    roles = optimizer.roles(list(SHAPES))
    state = jax.tree.map(jnp.asarray, begin(optimizer, LAYOUT, roles))
    packed = jnp.ones(LAYOUT.size)
    moved, after = jax.eval_shape(
        lambda p, s: apply_gradients(optimizer, LAYOUT, p, p, s, jnp.int32(0), roles=roles),
        packed,
        state,
    )
    assert (moved.shape, moved.dtype) == (packed.shape, packed.dtype)
    assert jax.tree.structure(after) == jax.tree.structure(state)
    for new, old in zip(jax.tree.leaves(after), jax.tree.leaves(state), strict=True):
        assert (new.shape, new.dtype, new.weak_type) == (old.shape, old.dtype, False)


@pytest.mark.parametrize("name", RATES)
def test_types_and_shapes_of_parameters_are_kept(name):
    optimizer = OPTIMIZERS.classes[name](learning_rate=8.0)
    types = itertools.cycle(["float16", "bfloat16", "float32"])
    start = {path: jnp.ones(shape, next(types)) for path, shape in SHAPES.items()}
    end = optimizer.apply(start, start)
    for path, old in start.items():
        assert (end[path].shape, end[path].dtype) == (old.shape, old.dtype)
        assert np.any(np.asarray(end[path] != old))


@pytest.mark.parametrize("name", RATES)
def test_other_numbers_compile_nothing(name):
    optimizer = OPTIMIZERS.classes[name](clipnorm=1.0)
    traces = []

    @jax.jit
    def step(numbers, packed, state):
        traces.append(name)
        bound = bind(optimizer, iter(numbers))
        return apply_gradients(bound, SMALL, packed, packed, state, jnp.int32(0))

    results = []
    for rate in (0.001, 0.01, 0.5):
        changed = optimizer.replace(learning_rate=rate, clipnorm=rate + 1)
        assert structure(changed) == structure(optimizer)
        numbers = [np.float32(value) for _, value in tunables(changed)]
        results.append(step(numbers, np.ones(SMALL.size, np.float32), begin(changed, SMALL))[0])
    assert len(traces) == 1
    assert not np.allclose(results[0], results[2])


def test_apply_compiles_once_for_optimizers_of_one_structure(monkeypatch):
    from pellucid.optimizers import base

    traces = []

    def counted(template, *arguments):
        traces.append(template)
        return base._compiled_step(template, *arguments)

    monkeypatch.setattr(base, "_step", jax.jit(counted, static_argnums=(0, 1, 2)))
    for rate in (1, 0.1, 0.2):
        optimizer = optimizers.Adam(rate)
        parameters = [np.ones(3, np.float32)]
        for _ in range(3):
            parameters = optimizer.apply([np.ones(3, np.float32)], parameters)
    assert len(traces) == 1


@pytest.mark.parametrize("name", RATES)
def test_a_population_may_differ_in_every_number(name):
    optimizer = OPTIMIZERS.classes[name](weight_decay=0.1, use_ema=True)
    plain = np.array([value for _, value in tunables(optimizer)], np.float32)
    members = np.stack([plain, plain * np.float32(0.9), plain * np.float32(0.99)])
    packed = np.linspace(-1, 1, SMALL.size, dtype=np.float32)
    state = begin(optimizer, SMALL)

    def two_steps(numbers):
        bound = bind(optimizer, iter(numbers))
        moved, after = apply_gradients(bound, SMALL, packed, packed, state, jnp.int32(0))
        return apply_gradients(bound, SMALL, moved, packed, after, jnp.int32(1))[0]

    together = jax.jit(jax.vmap(two_steps))(members)
    for member, numbers in zip(together, members, strict=True):
        np.testing.assert_allclose(member, jax.jit(two_steps)(numbers), rtol=2e-5, atol=1e-6)
    assert not np.allclose(together[0], together[1], atol=1e-6)


@pytest.mark.parametrize(("name", "options"), OWN, ids=label)
def test_config_returns_through_json(name, options):
    options = {"clipnorm": 0.5, "use_ema": True, "exclude_from_decay": ["bias"], **options}
    optimizer = OPTIMIZERS.classes[name](**options)
    config = json.loads(json.dumps(optimizer.get_config()))
    again = optimizers.get({"class": f"optimizer.{name}", "config": config})
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()
    assert structure(again) == structure(optimizer)
    assert tunables(again) == tunables(optimizer)


@pytest.mark.parametrize(("name", "options"), ELEMENTWISE, ids=label)
def test_a_flat_vector_moves_as_its_arrays_do(name, options):
    optimizer = OPTIMIZERS.classes[name](**options)
    start, gradients = sequences(3)
    whole = Stepper(optimizer, start)
    alone = {path: Stepper(optimizer, {path: start[path]}) for path in start}
    for slopes in gradients:
        whole.move(slopes)
        for path, stepper in alone.items():
            stepper.move({path: slopes[path]})
    for path, values in whole.values().items():
        np.testing.assert_allclose(
            values, alone[path].values()[path], rtol=1e-6, atol=1e-7, err_msg=path
        )


@pytest.mark.parametrize("name", RATES)
def test_compiled_and_uncompiled_steps_agree(name):
    optimizer = OPTIMIZERS.classes[name](learning_rate=0.1)
    packed = np.linspace(-1, 1, SMALL.size, dtype=np.float32)
    slopes, state = np.sin(7 * packed), begin(optimizer, SMALL)

    def step(packed, state):
        return apply_gradients(optimizer, SMALL, packed, slopes, state, 0)[0]

    compiled = jax.jit(step)(packed, state)
    np.testing.assert_allclose(compiled, step(packed, state), rtol=1e-4, atol=1e-5)
    assert not np.allclose(compiled, packed, atol=1e-4)


@pytest.mark.parametrize("name", sorted(set(RATES) - {"Ftrl"}))
def test_a_rate_of_nothing_moves_nothing(name):
    """`rate_scale` reaches every use of the learning rate, decay included."""
    optimizer = OPTIMIZERS.classes[name](learning_rate=0.1, weight_decay=0.5)
    packed = np.linspace(-1, 1, SMALL.size, dtype=np.float32)
    state = begin(optimizer, SMALL)

    def moved(scale):
        return apply_gradients(optimizer, SMALL, packed, packed, state, 0, jnp.float32(scale))[0]

    np.testing.assert_allclose(moved(0.0), packed, rtol=1e-6)
    assert not np.allclose(moved(0.5), packed, atol=1e-4)
    halved = optimizer.replace(learning_rate=0.05)
    expected = apply_gradients(halved, SMALL, packed, packed, state, 0)[0]
    np.testing.assert_allclose(moved(0.5), expected, rtol=1e-6)
