import copy
import json
import random
import tracemalloc

import pytest

from pellucid import initializers
from pellucid.errors import ArgumentError, FileError, NotSaveableError
from pellucid.graph import Graph, Network
from pellucid.layers import (
    Activation,
    Add,
    Concatenate,
    Dense,
    Dropout,
    Input,
    Lambda,
    Layer,
    Weight,
)
from pellucid.saving.descriptions import check_custom_objects, describe, revive
from pellucid.saving.limits import Limits
from pellucid.saving.network import build_network, describe_network, weight_shapes
from saving import forge

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."


class Scale(Layer):
    start: float = 1.0

    def build(self, shape):
        return {"scale": Weight(shape[-1:], initializers.Constant(self.start))}

    def apply(self, weights, inputs, context):
        return inputs * weights["scale"]


class Halves(initializers.Initializer):
    def sample(self, shape, rng):
        return rng.random(shape).astype("float32") / 2


def chain(*layers, shape=(3,)):
    first = tensor = Input(shape)
    for layer in layers:
        tensor = layer(tensor)
    return Graph.trace([first], [tensor], "model")


def branches():
    one, two = Input((3,), name="one"), Input((4,), name="two")
    shared = Dense(2, activation="relu", name="shared")
    left, right = shared(Dense(5)(one)), shared(Dense(5)(two))
    joined = Concatenate()([left, right])
    return Graph.trace([one, two], [Dense(1)(joined), Add()([left, right])], "branches")


def nested():
    inner = chain(Dense(3, name="inside"), Dropout(0.5))
    first = Input((3,))
    return Graph.trace([first], [inner(inner(Dense(3)(first)))], "outer")


def sharing():
    """Return a graph with a layer and an inner graph that stand in graphs at two levels."""
    layer, inner = Dense(3, name="shared"), chain(Dense(3, name="within"))
    one, two = Input((3,)), Input((3,))
    middle = Graph.trace([one], [inner(layer(one))], "middle")
    return Graph.trace([two], [middle(inner(layer(two)))], "outer")


GRAPHS = {
    "sharing": sharing,
    "chain": lambda: chain(Dense(4, "relu", kernel_regularizer="l2"), Dense(2, use_bias=False)),
    "branches": branches,
    "nested": nested,
    "names": lambda: chain(Dense(4, name="Schicht ä (1)"), Dense(2, name="..")),
    "activation": lambda: chain(Dense(4), Activation("softmax")),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_network_is_built_as_it_was_described(name):
    graph = GRAPHS[name]()
    document = json.loads(json.dumps(describe_network(graph, "m")))
    built, network = build_network(document, "m")
    assert built.get_config() == graph.get_config()
    assert network.structure == Network.from_graph(graph).structure
    assert weight_shapes(network) == weight_shapes(Network.from_graph(graph))


def test_no_weight_is_drawn_by_reading(monkeypatch):
    document = describe_network(chain(Dense(4)), "m")
    monkeypatch.setattr(initializers.GlorotUniform, "sample", None)
    build_network(document, "m")


def test_a_layer_of_ones_own_is_built_from_the_class_passed_in():
    document = describe_network(chain(Scale(2.0)), "m")
    graph, network = build_network(document, "m", {"Scale": Scale})
    assert isinstance(graph.members[1], Scale)
    assert graph.members[1].start == 2.0
    assert weight_shapes(network) == {"scale/scale": (3,)}


def test_a_part_of_ones_own_is_built_from_the_class_passed_in():
    document = describe_network(chain(Dense(2, kernel_initializer=Halves())), "m")
    graph, _ = build_network(document, "m", {"Halves": Halves})
    assert isinstance(graph.members[1].kernel_initializer, Halves)
    with pytest.raises(FileError) as caught:
        build_network(document, "m")
    assert str(caught.value) == (
        "m, layer 'dense': got the unknown initializer 'Halves', expected an initializer of "
        "pellucid, or one of yours that is passed in. "
        'Pass your class in: load_model(path, custom_objects={"Halves": Halves}).'
    )


def test_an_unknown_layer_is_answered_with_the_cure():
    document = describe_network(chain(Scale()), "model.pellucid: network.json")
    with pytest.raises(FileError) as caught:
        build_network(document, "model.pellucid: network.json")
    assert str(caught.value) == (
        "model.pellucid: network.json, layer 'scale': got the unknown layer 'Scale', "
        "expected a layer of pellucid, or one of yours that is passed in. "
        'Pass your class in: load_model(path, custom_objects={"Scale": Scale}).'
    )


def test_a_class_of_another_kind_is_no_cure():
    document = describe_network(chain(Scale()), "m")
    with pytest.raises(FileError, match="got the unknown layer 'Scale'"):
        build_network(document, "m", {"Scale": Halves})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [Scale],
            f"custom_objects: got [{Scale!r}], expected a dictionary of classes by name, "
            'such as {"Scale": Scale}.',
        ),
        (
            {"Scale": 3},
            "custom_objects['Scale']: got 3, expected a class of a layer, loss or other "
            'description, such as {"Scale": Scale}.',
        ),
    ],
)
def test_custom_objects_are_classes_by_name(given, message):
    with pytest.raises(ArgumentError) as caught:
        check_custom_objects(given)
    assert str(caught.value) == message


def test_a_lambda_is_refused_with_the_cure():
    for function in ("relu", lambda x: x):
        with pytest.raises(NotSaveableError) as caught:
            describe_network(chain(Lambda(function)), "m")
        assert str(caught.value) == (
            "m, layer 'lambda': got a Lambda, which holds a Python function, expected layers "
            "without one: a model file holds no code. Write a small Layer class instead, and "
            "pass it to load_model(path, custom_objects={...})."
        )


def test_a_function_of_ones_own_is_refused():
    with pytest.raises(NotSaveableError, match="a model file holds no code"):
        describe_network(chain(Dense(2, activation=lambda x: x)), "m")
    with pytest.raises(NotSaveableError) as caught:
        describe({"loss": [len]}, "m: compile")
    assert str(caught.value) == (
        "m: compile: got 'len', a Python function, expected a name or a description: a model "
        "file holds no code. Write a small class and pass it to "
        "load_model(custom_objects={...})."
    )


def test_a_name_that_a_file_cannot_hold_is_refused():
    with pytest.raises(NotSaveableError) as caught:
        describe_network(chain(Dense(2, name="a\x1b[31m")), "m")
    assert str(caught.value) == (
        "m: got a layer called 'a\\x1b[31m', expected a printable name of at most 100 characters "
        "without '/'. Rename it: layer.name = '...'."
    )


def test_descriptions_inside_plain_values_are_made_again():
    regularizer = chain(Dense(2, kernel_regularizer="l2")).members[1].kernel_regularizer
    document = {"a": [1, {"b": regularizer}], "c": None}
    plain = describe(document, "m")
    assert json.loads(json.dumps(plain)) == plain
    found = revive(plain, "m")
    assert type(found["a"][1]["b"]) is type(regularizer)
    assert describe(found, "m") == plain


X = forge.layer("x", "InputLayer", shape=[3])
DENSE = forge.layer("d", "Dense", units=2)
CHAIN = forge.chain(DENSE)
FIRST, SECOND = {"member": 0, "inputs": []}, {"member": 1, "inputs": [[0, 0]]}
PLACE = "expected places [step, output]"


def with_steps(*steps, members=(X, DENSE), inputs=((0, 0),), outputs=((1, 0),)):
    return forge.graph(
        list(members), list(steps), [list(one) for one in inputs], [list(one) for one in outputs]
    )


def deep(levels):
    """Return a network within a network, and so on."""
    inner = forge.chain(DENSE)
    for level in range(levels):
        outer = forge.graph([X, inner], [FIRST, SECOND], [[0, 0]], [[1, 0]], name=f"level {level}")
        inner = outer
    return inner


def reference(name, number):
    return {"class": "graph.Shared", "config": {"name": name, "number": number}}


def refers(*members, steps=(FIRST,), output=0):
    return forge.graph(list(members), list(steps), [[0, 0]], [[output, 0]])


def references(width):
    """Return a document of many graphs, in rows, each of which refers to all of the row before."""
    count, last, members = 1, [], []
    for row in range(8):
        made = []
        for number in range(width):
            name = f"{row}-{number}"
            inner = [reference(*one) for one in last]
            members.append(
                forge.graph([reference("x", 0), *inner], [FIRST], [[0, 0]], [[0, 0]], name)
            )
            made.append((name, count))
            count += 1
        last = made
    return refers(X, *members)


def doubling(levels, times):
    """Return a small document whose network, written out, is `times ** levels` layers deep."""
    inner = forge.chain(forge.layer("d", "Dense", units=3))
    steps = [FIRST] + [{"member": 1, "inputs": [[number, 0]]} for number in range(times)]
    for level in range(levels):
        inner = forge.graph([X, inner], steps, [[0, 0]], [[times, 0]], name=f"level {level}")
    return inner


HOSTILE = {
    "no object": ([], "m: got [], expected an object {...}."),
    "no class": ({"config": {}}, "m: got an object of 1, expected an object {...}."),
    "a class that is no text": (
        {"class": ["graph.Graph"], "config": {}},
        "m: got an object of 2, expected an object {...}.",
    ),
    "another class": (
        {"class": "os.system", "config": {}},
        "m: got the class 'os.system', expected 'graph.Graph'.",
    ),
    "keys missing": (
        {"class": "graph.Graph", "config": {"name": "m"}},
        "m: got the keys 'name', expected inputs, members, name, outputs, sequential, steps.",
    ),
    "members that are no list": (
        forge.graph({}, [], [], []),
        "m: got an object of 0 for members, expected a list.",
    ),
    "a name that is no text": (
        forge.graph([], [], [], [], name=3),
        "m: got a 'graph.Graph' called 3, "
        "expected a printable name of at most 100 characters without '/'.",
    ),
    "a name for terminals": (
        forge.graph([], [], [], [], name="\x1b[2J"),
        "m: got a 'graph.Graph' called '\\x1b[2J', "
        "expected a printable name of at most 100 characters without '/'.",
    ),
    "no inputs": (
        with_steps(FIRST, SECOND, inputs=()),
        f"m: got inputs that are not there, {PLACE}.",
    ),
    "an output that is not there": (
        with_steps(FIRST, SECOND, outputs=((2, 0),)),
        f"m: got outputs that are not there, {PLACE}.",
    ),
    "a second output of a layer": (
        with_steps(FIRST, SECOND, outputs=((1, 1),)),
        "m: got result 1 of step 1, expected one below 1.",
    ),
    "a place that is a text": (
        with_steps(FIRST, {"member": 1, "inputs": ["00"]}),
        f"m: got inputs of step 1 that are not there, {PLACE} of earlier steps.",
    ),
    "a step that depends on itself": (
        with_steps(FIRST, {"member": 1, "inputs": [[1, 0]]}),
        f"m: got inputs of step 1 that are not there, {PLACE} of earlier steps.",
    ),
    "a step before the first": (
        with_steps(FIRST, {"member": 1, "inputs": [[-1, 0]]}),
        f"m: got inputs of step 1 that are not there, {PLACE} of earlier steps.",
    ),
    "a step of no member": (
        with_steps(FIRST, {"member": 2, "inputs": [[0, 0]]}),
        'm: got a malformed step 1, expected {"member": number, "inputs": [...]}.',
    ),
    "a member by truth value": (
        with_steps(FIRST, {"member": True, "inputs": [[0, 0]]}),
        'm: got a malformed step 1, expected {"member": number, "inputs": [...]}.',
    ),
    "an input layer with inputs": (
        with_steps(FIRST, {"member": 0, "inputs": [[0, 0]]}),
        "m, step 1 ('x'): got 1 inputs, expected none, for an input layer.",
    ),
    "a layer without inputs": (
        with_steps(FIRST, {"member": 1, "inputs": []}),
        "m, step 1 ('d'): got 0 inputs, expected one input.",
    ),
    "a layer with two inputs": (
        with_steps(FIRST, {"member": 1, "inputs": [[0, 0], [0, 0]]}),
        "m, step 1 ('d'): got 2 inputs, expected one input.",
    ),
    "an input that is another layer": (
        with_steps(FIRST, SECOND, inputs=((1, 0),)),
        "m: got step 1 as an input, expected an input layer.",
    ),
    "an inner network with another width": (
        with_steps(FIRST, SECOND, members=(X, forge.chain(DENSE, shape=(4,)))),
        "m, step 1 ('model'): got inputs of shapes [(3,)], expected shapes [(4,)].",
    ),
    "an inner network with two inputs": (
        with_steps(FIRST, {"member": 1, "inputs": [[0, 0], [0, 0]]}, members=(X, CHAIN)),
        "m, step 1 ('model'): got 2 inputs, expected 1.",
    ),
    "an unknown layer": (
        forge.chain(forge.layer("s", "Subprocess", command="rm")),
        "m, layer 's': got the unknown layer 'Subprocess', expected a layer of pellucid, "
        "or one of yours that is passed in. "
        'Pass your class in: load_model(path, custom_objects={"Subprocess": Subprocess}).',
    ),
    "a layer named like a module": (
        forge.chain(forge.layer("s", "os.system")),
        "m, layer 's': got the unknown layer 'os.system', expected a layer of pellucid, "
        "or one of yours that is passed in. "
        'Pass your class in: load_model(path, custom_objects={"Name": Name}).',
    ),
    "another kind in a layer's place": (
        forge.chain({"class": "optimizer.Adam", "config": {"name": "a"}}),
        "m, layer 'a': got the class 'optimizer.Adam', expected a layer.",
    ),
    "a kind that is none": (
        forge.chain(forge.layer("d", "Dense", units=2, activation={"class": "os.x", "config": {}})),
        "m, layer 'd': got the class 'os.x', expected one of the kinds ...",
    ),
    "a Lambda": (
        forge.chain(forge.layer("l", "Lambda", function="relu")),
        "m, layer 'l': got a Lambda layer, which stands for a Python function, "
        "expected descriptions: a model file holds no code.",
    ),
    "a Lambda as an activation": (
        forge.chain(
            forge.layer("d", "Dense", units=2, activation=forge.layer("l", "Lambda", function="x"))
        ),
        "m, layer 'd': got a Lambda layer, which stands for a Python function, "
        "expected descriptions: a model file holds no code.",
    ),
    "an unknown activation": (
        forge.chain(forge.layer("d", "Dense", units=2, activation="os.system")),
        "m, layer 'd': Dense(activation=...): activation: got the unknown name 'os.system', ...",
    ),
    "a layer without a name": (
        forge.chain({"class": "layer.Dense", "config": {"units": 2}}),
        "m: got a 'layer.Dense' called None, "
        "expected a printable name of at most 100 characters without '/'.",
    ),
    "a layer with a path for a name": (
        forge.chain(forge.layer("../x", "Dense", units=2)),
        "m: got a 'layer.Dense' called '../x', "
        "expected a printable name of at most 100 characters without '/'.",
    ),
    "two layers of one name": (
        forge.chain(DENSE, DENSE),
        "m: got two layers called 'd', expected each name once.",
    ),
    "an unknown argument": (
        forge.chain(forge.layer("d", "Dense", units=2, code="x")),
        "m, layer 'd': Dense: got the unknown argument 'code', ...",
    ),
    "negative units": (
        forge.chain(forge.layer("d", "Dense", units=-1)),
        "m, layer 'd': Dense(units=...): got -1, expected a whole number at least 1 "
        "(the number of outputs).",
    ),
    "text for units": (
        forge.chain(forge.layer("d", "Dense", units="2")),
        "m, layer 'd': Dense(units=...): got '2', expected a whole number at least 1 "
        "(the number of outputs).",
    ),
    "endlessly many units": (
        forge.chain(forge.layer("d", "Dense", units={"$float": "inf"})),
        "m, layer 'd': ...",
    ),
    "a bomb of units": (
        forge.chain(forge.layer("d", "Dense", units=10**12)),
        "m, layer 'd': got results of shape (None, 1000000000000), "
        "expected at most 8 axes and 2,147,483,648 values a row.",
    ),
    "a bomb of repetitions": (
        forge.chain(forge.layer("r", "RepeatVector", n=10**12)),
        "m, layer 'r': got results of shape (None, 1000000000000, 3), "
        "expected at most 8 axes and 2,147,483,648 values a row.",
    ),
    "a bomb of inputs": (
        forge.chain(forge.layer("d", "Dropout", rate=0.5), shape=(10**6, 10**6)),
        "m, layer 'x': got results of shape (None, 1000000, 1000000), "
        "expected at most 8 axes and 2,147,483,648 values a row.",
    ),
    "a bomb of axes": (
        forge.chain(forge.layer("d", "Dropout", rate=0.5), shape=(1,) * 100),
        f"m, layer 'x': got results of shape {(None, *(1,) * 100)}, "
        "expected at most 8 axes and 2,147,483,648 values a row.",
    ),
    "a reference to what comes later": (
        refers(X, reference("d", 1), DENSE),
        "m: got a reference to 1, expected a number below 1.",
    ),
    "a reference to the graph itself": (
        forge.chain(forge.graph([X, reference("me2", 2)], [FIRST], [[0, 0]], [[0, 0]], "me")),
        "m, in 'me': got a reference to 2, expected a number below 2.",
    ),
    "a reference by text": (
        refers(X, reference("x2", "0")),
        "m: got a reference to '0', expected a number below 1.",
    ),
    "a reference by another name": (
        refers(X, reference("y", 0)),
        "m: got a reference to 'x', expected one to 'y'.",
    ),
    "a reference with more": (
        refers(X, {"class": "graph.Shared", "config": {"name": "y", "number": 0, "units": 2}}),
        "m: got a reference to 0, expected a number below 1.",
    ),
    "a bomb of references": (
        references(30),
        "m: got 702,128,418,541 layers, expected at most 10,000.",
    ),
    "a bomb of nesting": (deep(9), "got networks nested over 8 deep, expected fewer."),
    "a bomb of calls": (
        doubling(8, 12),
        "m: got 899,052,637 computations, expected at most 20,000.",
    ),
    "too many layers": (
        forge.chain(*(forge.layer(f"d{n}", "Dropout", rate=0.5) for n in range(10_000))),
        "m: got 10,001 layers, expected at most 10,000.",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_forged_network_is_refused(case):
    document, message = HOSTILE[case]
    document = json.loads(
        json.dumps(document),
        object_hook=lambda found: float("inf") if found == {"$float": "inf"} else found,
    )
    with pytest.raises(FileError) as caught:
        build_network(document, "m")
    told = str(caught.value)
    message = message.replace("{...}.", '{"class": "kind.Name", "config": {...}}.')
    if message.endswith("..."):
        assert told.startswith(message.removesuffix("..."))
    else:
        assert told.removesuffix(f" {DAMAGED}").endswith(message)


@pytest.mark.parametrize("case", [case for case in HOSTILE if "bomb" in case])
def test_a_bomb_costs_little(case):
    document, _ = HOSTILE[case]
    tracemalloc.start()
    with pytest.raises(FileError):
        build_network(document, "m")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**21


def test_the_largest_network_allowed_is_built():
    layers = [forge.layer(f"d{n}", "Dropout", rate=0.5) for n in range(1000)]
    _, network = build_network(forge.chain(*layers), "m", limits=Limits(layers=1001))
    assert len(network.nodes) == 1001


VALUES = (
    *(None, True, False, 0, 1, -1, 2, 3, 7, 10**6, 10**12, 2**63, 0.5, -1.5, 1e308),
    *(float("nan"), float("inf"), "", "relu", "Dense", "\x00", "../..", "a" * 300),
    *([], {}, [[]], [0], [0, 0], [[0, 0]], [-1], [None], [3], [1, 2, 3], {"class": "x"}),
    *(CHAIN, DENSE, {"class": "layer.Lambda", "config": {}}, {"class": "layer.X", "config": {}}),
    *({"class": "initializer.Constant", "config": {"value": 1}}, {"$float": "nan"}),
)


def places_in(value, path=()):
    """Yield the path to every value inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places_in(item, (*path, key))


def mutated(document, chance):
    """Return a copy with one value changed, removed, added, doubled or moved."""
    result = copy.deepcopy(document)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        places = list(places_in(result))
        if not places:
            return result
        *path, key = chance.choice(places)
        holder = result
        for step in path:
            holder = holder[step]
        act = chance.choice(["change", "change", "change", "remove", "add", "copy"])
        if act == "change":
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        elif act == "remove":
            del holder[key]
        elif act == "add" and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(chance.choice(VALUES)))
        elif act == "add":
            holder[chance.choice(["name", "dtype", "x", "shape"])] = copy.deepcopy(
                chance.choice(VALUES)
            )
        else:
            *path, other = chance.choice(places)
            source = result
            for step in path:
                source = source[step]
            holder[key] = copy.deepcopy(source[other])
    return result


@pytest.mark.parametrize("name", GRAPHS)
def test_a_changed_document_is_built_or_refused_in_words(name):
    """Nothing but a network or a `FileError` comes of a document with anything in it."""
    document = describe_network(GRAPHS[name](), "m")
    chance = random.Random(name)
    refusals = []
    for _ in range(400):
        try:
            graph, network = build_network(mutated(document, chance), "m")
            assert isinstance(graph, Graph)
            assert len(network.shapes) == len(network.nodes)
        except FileError as error:
            refusals.append(str(error))
    assert 100 < len(refusals) < 400
    for told in refusals:
        assert told.startswith("m")
        assert told.replace("\n", "").isprintable()
        assert len(told) < 2100
