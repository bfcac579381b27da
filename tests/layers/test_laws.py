"""Laws that every layer passes, over one table of examples."""

import dataclasses
import importlib
import inspect
import json
import pkgutil

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid.layers
from layers.examples import EXAMPLES, Example
from pellucid.description import bind, structure, tunables
from pellucid.errors import NotSaveableError
from pellucid.layers import LAYERS, Context, Layer, Result

ROWS = 3
KEY = np.uint32(99)

every = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.label)
on_device = pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if not example.on_host],
    ids=lambda example: example.label,
)
on_real_numbers = pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if example.values == "real"],
    ids=lambda example: example.label,
)


def run(example, weights, inputs, context=None, layer=None):
    """Return outputs, state and penalty of one call, with the example's mask and settings."""
    context = context or Context()
    rows = (inputs[0] if example.takes_list else inputs).shape[0]
    if context.mask is None:
        context = dataclasses.replace(context, mask=example.mask_of(rows))
    context = dataclasses.replace(context, settings=example.settings)
    result = (layer or example.make()).run(weights, inputs, context)
    if not isinstance(result, Result):
        result = Result(result)
    return result.outputs, result.state, jnp.asarray(result.penalty)


def traced(example, layer, inputs, context=None):
    """Return outputs, state and penalty of one call: their shapes and types without computing."""
    if example.on_host:
        return run(example, example.weights(), inputs, context, layer)
    return jax.eval_shape(
        lambda w, x: run(example, w, x, context, layer), example.weights(), inputs
    )


def listed(outputs):
    """Return one output, or several, as a list."""
    return outputs if isinstance(outputs, list) else [outputs]


def close(given, expected, tolerance=1e-5):
    assert jax.tree.structure(given) == jax.tree.structure(expected)
    for one, other in zip(jax.tree.leaves(given), jax.tree.leaves(expected), strict=True):
        one, other = np.asarray(one), np.asarray(other)
        if one.dtype.kind in "UO":
            assert one.tolist() == other.tolist()
        else:
            one, other = one.astype("float64"), other.astype("float64")
            np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def on_each(function, inputs):
    """Apply `function` to an array, or to each of a list."""
    return [function(one) for one in inputs] if isinstance(inputs, list) else function(inputs)


# -- the table is complete --------------------------------------------------------------------


def _layer_classes():
    """Return every public class of a layer, but for those that others are built on."""
    found = set()
    for module in pkgutil.walk_packages(pellucid.layers.__path__, "pellucid.layers."):
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(one, Layer) and not one.__name__.startswith("_"):
                found.add(one)
    known = set(LAYERS.classes.values())
    bases = {base for one in known for base in one.__mro__[1:]}
    return found - (bases - known)


def test_every_layer_is_in_the_catalogue_and_public():
    assert _layer_classes() == set(LAYERS.classes.values())
    for name, cls in LAYERS.classes.items():
        assert getattr(pellucid.layers, name) is cls


def test_every_layer_has_an_example():
    assert {example.layer for example in EXAMPLES} == set(LAYERS.classes)


def test_no_two_examples_are_the_same():
    labels = [example.label for example in EXAMPLES]
    assert len(set(labels)) == len(labels)


# -- shapes and types --------------------------------------------------------------------------


@every
@pytest.mark.parametrize("training", [False, True])
def test_static_shape_and_type_equal_real_ones(example, training):
    layer, inputs = example.make(), example.inputs(ROWS)
    context = Context(training=training, key=KEY)
    outputs, _, penalty = traced(example, layer, inputs, context)
    first = inputs[0] if example.takes_list else inputs
    given = "string" if first.dtype.kind == "U" else str(first.dtype)
    shapes = [(ROWS, *shape) for shape in layer.output_shapes(example.shape, example.settings)]
    assert [one.shape for one in listed(outputs)] == shapes
    assert layer.output_count(example.settings) == len(shapes)
    shown = ["string" if one.dtype.kind == "U" else str(one.dtype) for one in listed(outputs)]
    assert {*shown} == {layer.output_dtype(given)}
    assert penalty.shape == ()


@every
def test_static_shape_has_no_batch_axis_even_for_one_row(example):
    outputs, _, _ = traced(example, example.make(), example.inputs(1))
    shapes = example.make().output_shapes(example.shape, example.settings)
    assert [one.shape for one in listed(outputs)] == [(1, *shape) for shape in shapes]


@on_real_numbers
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
@pytest.mark.parametrize("training", [False, True])
def test_the_type_of_the_inputs_is_kept(example, dtype, training):
    layer, context = example.make(), Context(training=training, key=KEY)
    inputs = on_each(lambda x: x.astype(jnp.dtype(dtype)), example.inputs(ROWS))
    outputs, state, _ = traced(example, layer, inputs, context)
    assert {str(one.dtype) for one in listed(outputs)} == {layer.output_dtype(dtype)}
    assert layer.output_dtype(dtype) == dtype or not example.smooth
    assert all(str(array.dtype) == "float32" for array in state.values())


@on_real_numbers
def test_half_precision_comes_close(example):
    weights, inputs = example.weights(), example.inputs(ROWS)
    halved = on_each(lambda x: x.astype("float16"), inputs)
    close(run(example, weights, halved)[0], run(example, weights, inputs)[0], 2e-2)


@on_real_numbers
def test_float64_is_kept_where_it_is_enabled(example):
    with jax.enable_x64(True):
        inputs = example.inputs(ROWS, dtype="float64")
        outputs, _, _ = traced(example, example.make(), inputs)
        expected = example.make().output_dtype("float64")
        assert {str(one.dtype) for one in listed(outputs)} == {expected}


@on_real_numbers
def test_a_layer_with_a_type_computes_in_it(example):
    layer = example.make().replace(dtype="bfloat16")
    outputs, _, _ = traced(example, layer, example.inputs(ROWS))
    assert {str(one.dtype) for one in listed(outputs)} == {layer.output_dtype("float32")}


# -- rows ------------------------------------------------------------------------------------


@every
def test_a_batch_equals_its_rows(example):
    weights, inputs, mask = example.weights(), example.inputs(ROWS), example.mask_of(ROWS)
    whole, _, _ = run(example, weights, inputs)
    rows = []
    for row in range(ROWS):
        own = [
            on_each(lambda x, row=row: None if x is None else x[row : row + 1], one)
            for one in (inputs, mask)
        ]
        rows.append(listed(run(example, weights, own[0], Context(mask=own[1]))[0]))
    joined = [np.concatenate(parts) for parts in zip(*rows, strict=True)]
    close(listed(whole), joined)


@every
@pytest.mark.parametrize("training", [False, True])
def test_padded_rows_do_not_matter(example, training):
    weights, inputs = example.weights(), example.inputs(ROWS)
    padded = on_each(lambda x: np.concatenate([x, x[:1], x[:1]]), inputs)
    rows = np.array([1.0] * ROWS + [0.0, 0.0], "float32")
    bare = run(example, weights, inputs, Context(training=training, key=KEY))
    outputs, state, penalty = run(
        example, weights, padded, Context(training=training, key=KEY, rows=rows)
    )
    close((on_each(lambda x: x[:ROWS], outputs), state, penalty), bare)


@every
def test_of_no_rows_come_no_rows(example):
    none = on_each(lambda one: one[:0], example.inputs(1))
    outputs, _, _ = traced(example, example.make(), none)
    shapes = example.make().output_shapes(example.shape, example.settings)
    assert [one.shape for one in listed(outputs)] == [(0, *shape) for shape in shapes]


@every
def test_evaluation_is_deterministic(example):
    weights, inputs = example.weights(), example.inputs(ROWS)
    keys = [None, np.uint32(1), np.uint32(2)]
    first, *others = [run(example, weights, inputs, Context(key=key)) for key in keys]
    assert first[1] == {}
    for other in others:
        assert _bytes(first[0]) == _bytes(other[0])


@every
def test_training_is_a_function_of_the_key(example):
    weights, inputs = example.weights(), example.inputs(ROWS)
    keys = [KEY, KEY, np.uint32(1), None]
    contexts = [Context(training=True, key=key) for key in keys]
    same, again, other, without = [
        _bytes(run(example, weights, inputs, one)[0]) for one in contexts
    ]
    assert same == again
    assert (same != other) == example.random
    assert (same != without) == example.random


def _bytes(outputs):
    return b"".join(np.asarray(one).tobytes() for one in listed(outputs))


# -- JAX's transformations --------------------------------------------------------------------


@on_device
@pytest.mark.parametrize("training", [False, True])
def test_compiled_equals_uncompiled(example, training):
    weights, inputs = example.weights(), example.inputs(ROWS)

    def call(weights, inputs, key):
        return run(example, weights, inputs, Context(training=training, key=key))

    close(jax.jit(call)(weights, inputs, KEY), call(weights, inputs, KEY))


@on_device
def test_numbers_may_be_data_of_the_program(example):
    layer, weights, inputs = example.make(), example.weights(), example.inputs(ROWS)
    names_and_numbers = tunables(layer)

    @jax.jit
    def call(numbers):
        bound = bind(layer, iter(numbers))
        return run(example, weights, inputs, Context(training=True, key=KEY), bound)

    numbers = [jnp.asarray(number, "float32") for _, number in names_and_numbers]
    close(call(numbers), run(example, weights, inputs, Context(training=True, key=KEY)))


@on_device
def test_vmap_works(example):
    weights = example.weights()
    batches = [example.inputs(ROWS, seed) for seed in (1, 2)]
    pairs = zip(*batches, strict=True)
    stacked = [np.stack(pair) for pair in pairs] if example.takes_list else np.stack(batches)
    mapped = jax.jit(jax.vmap(lambda x: run(example, weights, x)[0]))(stacked)
    for place, batch in enumerate(batches):
        close(on_each(lambda x, at=place: x[at], mapped), run(example, weights, batch)[0])


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if example.weights()],
    ids=lambda example: example.label,
)
def test_vmap_over_weights_works(example):
    inputs = example.inputs(ROWS)
    members = [example.weights(seed) for seed in (1, 2)]
    stacked = {name: np.stack([one[name] for one in members]) for name in members[0]}
    mapped = jax.jit(jax.vmap(lambda weights: run(example, weights, inputs)[0]))(stacked)
    for place, weights in enumerate(members):
        close(on_each(lambda x, at=place: x[at], mapped), run(example, weights, inputs)[0])


SMOOTH = [example for example in EXAMPLES if example.smooth]
PASSES = [(example, False) for example in SMOOTH] + [
    (example, True) for example in SMOOTH if example.random or example.layer == "BatchNormalization"
]


@pytest.mark.parametrize(
    ("example", "training"),
    PASSES,
    ids=[f"{example.label}-{'training' * training}" for example, training in PASSES],
)
def test_gradients_match_finite_differences(example, training):
    with jax.enable_x64(True):
        inputs = example.inputs(ROWS, dtype="float64")
        weights = {name: w.astype("float64") for name, w in example.weights().items()}
        context = Context(training=training, key=KEY)
        check_gradient(lambda w, x: run(example, w, x, context)[::2], weights, inputs)


def check_gradient(function, *arguments):
    """Compare derivatives in two random directions with central differences."""
    rng = np.random.default_rng(5)
    leaves, tree = jax.tree.flatten(arguments)
    shapes = jax.tree.leaves(jax.eval_shape(function, *arguments))
    weighing = [rng.standard_normal(one.shape) for one in shapes]

    @jax.jit
    @jax.value_and_grad
    def value_and_slopes(leaves):
        results = jax.tree.leaves(function(*jax.tree.unflatten(tree, leaves)))
        return sum(jnp.sum(w * r) for w, r in zip(weighing, results, strict=True))

    _, slopes = value_and_slopes(leaves)
    for _ in range(2):
        direction = [rng.standard_normal(leaf.shape) for leaf in leaves]
        ahead, behind = (
            value_and_slopes([x + step * d for x, d in zip(leaves, direction, strict=True)])[0]
            for step in (1e-5, -1e-5)
        )
        claimed = sum(np.sum(g * d) for g, d in zip(slopes, direction, strict=True))
        np.testing.assert_allclose(claimed, (ahead - behind) / 2e-5, rtol=1e-6, atol=1e-6)


# -- configuration ----------------------------------------------------------------------------


@every
def test_a_weightless_layer_has_no_weights(example):
    assert not (example.make().weightless and example.weights())


def test_an_example_that_cannot_be_saved_says_so():
    examples = [example for example in EXAMPLES if not example.saveable]
    assert [example.layer for example in examples] == ["Lambda"]
    with pytest.raises(NotSaveableError):
        examples[0].make().get_config()


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if example.saveable],
    ids=lambda example: example.label,
)
def test_configuration_survives_json(example):
    layer = example.make()
    config = layer.get_config()
    again = LAYERS.from_config(
        {"class": f"layer.{example.layer}", "config": json.loads(json.dumps(config))}
    )
    assert type(again) is type(layer)
    assert again.get_config() == config
    assert structure(again) == structure(layer)
    weights, inputs = example.weights(), example.inputs(ROWS)
    close(run(example, weights, inputs, None, again)[0], run(example, weights, inputs)[0], 0)


@every
def test_equal_layers_have_equal_structure_whatever_their_names(example):
    one, other = example.make(), example.make()
    other.name = "other"
    assert structure(one) == structure(other)
    assert hash(structure(one)) == hash(structure(other))


@every
def test_first_weights_follow_the_seed_alone(example):
    weights = [example.make().init(seed, example.shape) for seed in (1, 1, 2)]
    for name, array in weights[0].items():
        assert array.dtype == np.float32
        assert array.shape == example.make().declared(example.shape)[name].shape
        assert array.tobytes() == weights[1][name].tobytes()


@every
def test_a_layer_called_on_arrays_and_on_symbols_agrees_with_itself(example):
    layer, inputs = example.make(), example.inputs(ROWS)
    given = inputs if example.takes_list else [inputs]
    kinds = ["string" if x.dtype.kind == "U" else str(x.dtype) for x in given]
    symbols = [
        pellucid.layers.Input(shape, dtype=kind)
        for shape, kind in zip(example.shapes, kinds, strict=True)
    ]
    settings = dict.fromkeys(example.settings, True)
    drawn = jax.tree.leaves(layer(symbols if example.takes_list else symbols[0], **settings))
    computed = jax.tree.leaves(layer(inputs, **settings))
    assert [one.shape for one in computed] == [(ROWS, *one.inner_shape) for one in drawn]


def test_a_number_of_the_table_is_tried_as_data():
    found = {name for example in EXAMPLES for name, _ in tunables(example.make())}
    assert {"rate", "stddev", "momentum", "negative_slope", "kernel_regularizer.l2"} <= found


def test_the_finite_difference_check_sees_a_wrong_gradient():
    @jax.custom_vjp
    def wrong(x):
        return x**2

    wrong.defvjp(lambda x: (x**2, x), lambda x, g: (g * x,))
    with jax.enable_x64(True), pytest.raises(AssertionError):
        check_gradient(wrong, np.array(1.5))


def test_example_inputs_keep_away_from_corners():
    for example in SMOOTH:
        inputs = example.inputs(ROWS)
        flat = np.concatenate([x.reshape(-1) for x in (inputs if example.takes_list else [inputs])])
        ordered = np.sort(np.append(flat, 0.0))
        assert np.diff(ordered).min() > 1e-3, example.label


def test_an_example_is_made_anew_each_time():
    example = Example("Dense", {"units": 2})
    assert example.make() is not example.make()
