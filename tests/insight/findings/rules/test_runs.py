"""Each rule about runs on a small sick one: that it speaks, in which words, by which numbers.

The numbers are worked out again with NumPy from the rows and the model's weights.
"""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import accuracy_score, log_loss

from insight.findings.runs import HEALTHY, SICK, crossed_rows, network, rows
from pellucid.errors import NonFiniteError
from pellucid.insight.findings.catalogue import AFTER
from pellucid.insight.findings.rules.curves import risen_loss
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.remedies import Remedy
from pellucid.models.diagnosing import last_case

MEANINGS = {
    "rate 1e30": (
        "The numbers grew until one was nan: the layer's output is nan, though what went into "
        "it was finite. From there on nothing can be learned, because every weight would become "
        "NaN."
    ),
    "six sigmoids": (
        "Of the error's message at 'dense_#' only # arrives at 'dense'. Each layer on the way "
        "back makes it smaller, so that the first layers hardly learn."
    ),
    "a fading memory": (
        "Of the error's message at the last step of 'simple_rnn' only # arrives at the first "
        "step. What stands early in a sequence cannot be learned."
    ),
    "large weights": (
        "The error's message is # times as large at 'dense' as at 'dense_#'. Each layer on the "
        "way back makes it larger, and steps are far too long."
    ),
    "a growing memory": (
        "The error's message is # times as large at the first step of 'simple_rnn' as at the "
        "last. It grows with every step back, and steps of the weights with it."
    ),
    "off from the start": (
        "# % of the units of 'dense' are off for every row. They were so from the start: a unit "
        "that is never on gets no gradient, and cannot come back."
    ),
    "killed on the way": (
        "# % of the units of 'dense' are off for every row. They died while it trained: a unit "
        "that is never on gets no gradient, and cannot come back."
    ),
    "large weights into tanh": (
        "# % of what 'dense' gives lies at the ends of its range. There the activation is flat, "
        "so that hardly any gradient comes through."
    ),
    "a stiff memory": (
        "What 'gru' ends with differs between rows by # of its size. It says the same whatever "
        "it has read, so nothing behind it can tell the rows apart."
    ),
    "rate 30": (
        "At the learning rate # the loss goes from # to # in # steps; at # it goes to #. The "
        "steps are so large that they jump over the valley they should go down into."
    ),
    "rate 1e-6": (
        "At the learning rate # the loss goes from # to # in # steps; at # it goes to #. The "
        "steps are in the right direction but so small that the run will end long before it "
        "arrives."
    ),
    "a full batch of absolute errors": (
        "In the second half the loss varies by # % of its mean and turns at # % of the epochs. "
        "It bounces from side to side instead of settling."
    ),
    "a rare class": (
        "Class # is # times as rare as the commonest, and only # % of its own training rows are "
        "recognised. The network does well on the whole by ignoring it."
    ),
    "a faint column": (
        "Column # goes with the labels (correlation #), but shuffling it leaves the answers as "
        "they are. The network does not hear it, most likely because its numbers are far "
        "smaller than the other columns'."
    ),
    "one answer": (
        "# % of the rows get the same class, which only # % have at most. The network says the "
        "same for everyone."
    ),
    "standing still": (
        "After training the loss on its own rows is #; saying the same for every row gives #. "
        "The network has learned nothing that helps."
    ),
    "labels by lot": (
        "On rows not trained on the network scores #, a simple model #, and one answer for all "
        "#. These inputs do not seem to foretell these labels; check how the two were joined."
    ),
    "no line helps": (
        "The network scores # where a linear model or a forest reaches #, and no better on the "
        "rows it has learned. It is too small, or something that was not found holds it back."
    ),
    "by heart": (
        "Since epoch # the validation loss has risen by # % while the training loss fell on. "
        "The network learns its training rows by heart, which does not help with others."
    ),
    "by heart, and vast": (
        "The network has # trained values for # rows, # for each, and learned the rows by heart. "
        "A smaller one cannot."
    ),
    "classes as numbers": (
        "The targets look like the numbers of # classes, learned as amounts by one unit: rounded, "
        "# % of the answers are right, where a simple model of classes is right on # %. "
        "Class # is not three times class #."
    ),
    "three epochs": (
        "The run ended after # epochs (# steps) while its loss still fell by # % an epoch. It "
        "stopped before it had learned what it can."
    ),
    "few words": (
        "Only # of the # rows of 'embedding' occur in training; # % keep their first random "
        "numbers. They cost memory, and whatever meets one later gets a random answer."
    ),
}
"""What each says, with # for numbers."""


@cache
def ran(name):
    """Return the model after its run, its rows, what it was asked, and its diagnosis."""
    model, x, y, options = SICK[name][0]()
    try:
        model.fit(x, y, verbose=0, **options)
    except NonFiniteError:
        assert SICK[name][1] in ("nonfinite-loss", "lr-too-high")
    return model, x, y, options, model.diagnose()


def finding(name):
    return ran(name)[-1][SICK[name][1]]


def evidence(name):
    return list(finding(name).evidence.values())


def test_every_finding_about_a_run_has_a_sick_one():
    shown = {name.replace("-", "_") for _, name, _ in SICK.values()}
    renamed = {"lr_too_high", "lr_too_low", "class_imbalance", "output_loss_mismatch"}
    others = {
        "poor_learning_rate",
        "small_inputs",
        "risen_loss",
        "ignored_class",
        "classes_as_numbers",
        "confused_labels",
        "spent_rate",
        "held_back",
        "impatient_stop",
        "unfinished_run",
        "unfit_batch",
        "narrow_code",
        "unlearned_labels",
        "other_validation",
    }
    rules = {rule.__name__ for rule in AFTER} - others
    assert shown == rules | renamed
    assert MEANINGS.keys() == SICK.keys()


def test_the_page_of_findings_has_a_row_for_each():
    page = (Path(__file__).parents[4] / "docs" / "findings.md").read_text()
    section = page.partition("## During and after a run")[2]
    assert [name for _, name, _ in SICK.values() if f"| `{name}` |" not in section] == []


@pytest.mark.parametrize("name", SICK)
def test_what_is_wrong_is_among_the_first_two_findings(name):
    _, expected, severity = SICK[name]
    diagnosis = ran(name)[-1]
    assert expected in diagnosis.names[:2], str(diagnosis)
    found = diagnosis[expected]
    number = r"\d[\d,]*(\.\d+)?(e[+-]?\d+)?"
    assert (found.severity, re.sub(number, "#", found.meaning)) == (severity, MEANINGS[name])
    assert all(isinstance(value, float) for value in found.evidence.values())
    assert all(isinstance(one, Remedy) for one in found.remedies)


@pytest.mark.parametrize("name", HEALTHY)
def test_nothing_is_wrong_with_a_healthy_run(name):
    model, x, y, options = HEALTHY[name]()
    model.fit(x, y, verbose=0, **options)
    diagnosis = model.diagnose()
    assert diagnosis.healthy, str(diagnosis)


# -- the numbers --------------------------------------------------------------------------------


def test_a_number_that_is_not_finite_is_told_with_layer_step_and_row():
    found = finding("rate 1e30")
    assert (found.layer, found.step, found.evidence["epoch"]) == ("dense_1", 2, 1.0)
    model, x = ran("rate 1e30")[:2]
    assert 0 <= found.evidence["row"] < len(x)
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


def gradients(weights, x, y, slope, batch=32):
    """Return the root mean square of dL/d(what a layer gives) of each hidden layer, by hand."""
    squares = []
    for start in range(0, len(x), batch):
        values = [x[start : start + batch]]
        for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
            values.append(slope(values[-1] @ kernel + bias)[0])
        logits = values[-1] @ weights[-2] + weights[-1]
        error = (expit(logits) - y[start : start + batch, None]) / len(logits)
        back, rms = error @ weights[-2].T, []
        for place in range(len(values) - 1, 0, -1):
            rms.insert(0, np.mean(back**2))
            kernel, bias = weights[2 * place - 2], weights[2 * place - 1]
            back = (back * slope(values[place - 1] @ kernel + bias)[1]) @ kernel.T
        squares.append((len(logits), [*rms, np.mean(error**2)]))
    counts = np.array([count for count, _ in squares]) / len(x)
    return np.sqrt(counts @ np.array([one for _, one in squares]))


def sigmoid(z):
    s = expit(z)
    return s, s * (1 - s)


def relu(z):
    return np.maximum(z, 0), (z > 0) * 1.0


def test_the_signal_that_fades_is_that_of_backpropagation_by_hand():
    model, x, y, *_ = ran("six sigmoids")
    sizes = gradients([one.astype(float) for one in model.get_weights()], x, y, sigmoid)
    first, *later = sizes
    assert evidence("six sigmoids")[0] == pytest.approx(first / max(later), rel=1e-3)
    assert finding("six sigmoids").layer == "dense"


def test_the_signal_that_grows_is_that_of_backpropagation_by_hand():
    _, x, y, *_ = ran("large weights")
    first = SICK["large weights"][0]()[0].get_weights()
    arrived, *_, sent = gradients([one.astype(float) for one in first], x, y, relu)
    assert evidence("large weights")[0] == pytest.approx(arrived / sent, rel=1e-3)


@pytest.mark.parametrize("name", ["a fading memory", "a growing memory"])
def test_through_a_linear_memory_the_signal_is_a_power_of_its_matrix(name):
    def share(model):
        kernel, recurrent, _, last, _ = (one.astype(float) for one in model.get_weights())
        back = np.linalg.matrix_power(recurrent, 29) @ last
        return abs(kernel @ back).item() / abs(kernel @ last).item()

    end, start = share(ran(name)[0]), share(SICK[name][0]()[0])
    expected = min(end, start) if name == "a fading memory" else end
    assert evidence(name)[0] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("name", ["off from the start", "killed on the way"])
def test_dead_units_are_those_that_no_row_switches_on(name):
    model, x, *_ = ran(name)
    kernel, bias, *_ = model.get_weights()
    assert evidence(name)[0] == np.mean((x @ kernel + bias <= 0).all(axis=0)) == 1.0
    assert evidence(name)[1] == (name == "off from the start")


def test_a_part_of_dead_units_is_counted():
    model, (x, y) = network(1e-3), crossed_rows()
    kernel, _, *last = model.get_weights()
    model.set_weights([kernel, np.array([-30.0] * 6 + [0.0] * 2), *last])
    model.fit(x, y, epochs=10, verbose=0)
    assert model.diagnose()["dead-units"].evidence["share of dead units"] == 0.75


def test_dead_units_of_a_run_that_came_out_well_are_no_matter():
    model, (x, y) = network(), rows()
    kernel, _, *last = model.get_weights()
    model.set_weights([kernel, np.array([-30.0] * 5 + [0.0] * 3), *last])
    model.fit(x, y, epochs=60, verbose=0)
    assert "dead-units" not in model.diagnose()


def test_saturated_values_lie_within_7_thousandths_of_the_range_of_its_ends():
    model, x, *_ = ran("large weights into tanh")
    kernel, bias, *_ = model.get_weights()
    near = np.abs(np.tanh(x @ kernel + bias)) >= 1 - 0.007 * 2
    assert evidence("large weights into tanh")[0] == pytest.approx(near.mean(), abs=2e-3)


def test_a_memory_that_lets_nothing_in_does_not_vary():
    assert evidence("a stiff memory") == [0.0]


def test_rates_are_compared_from_the_loss_at_the_first_weights():
    for name in ("rate 30", "rate 1e-6"):
        start, x, y = *(SICK[name][0]()[:1]), *rows()
        found = finding(name).evidence
        chances = np.asarray(start.predict(x, verbose=0))[:, 0]
        assert found["loss before"] == pytest.approx(log_loss(y, chances), rel=1e-4)
        assert found["loss at that"] < found["loss before"]
    assert finding("rate 30").evidence["better rate"] < 30
    assert finding("rate 1e-6").evidence["better rate"] > 1e-6


def test_the_loss_after_40_steps_is_that_of_gradient_descent_by_hand():
    _, x, y, _, diagnosis = ran("a full batch of absolute errors")
    start = SICK["a full batch of absolute errors"][0]()[0]
    weight, bias = (one.astype(float) for one in start.get_weights())
    losses = []
    for _ in range(41):
        error = x @ weight + bias - y[:, None]
        losses.append(np.abs(error).mean())
        side = np.sign(error)
        weight, bias = weight - 8 * (x.T @ side) / 32, bias - 8 * side.mean(axis=0)
    found = diagnosis["lr-too-high"].evidence
    assert found["loss before"] == pytest.approx(losses[0], rel=1e-4)
    assert found["loss after"] == pytest.approx(losses[40], rel=1e-3)


def test_roughness_and_turns_are_those_of_the_second_half():
    loss = ran("a full batch of absolute errors")[0].history.history["loss"][20:]
    steps = np.diff(loss)
    turns = np.mean(steps[1:] * steps[:-1] < 0)
    expected = [np.std(loss) / np.mean(loss), turns]
    assert evidence("a full batch of absolute errors") == pytest.approx(expected)


def test_the_recall_of_a_rare_class_is_that_of_its_own_rows():
    model, x, y, *_ = ran("a rare class")
    said = np.asarray(model.predict(x, verbose=0))[:, 0] > 0.5
    assert evidence("a rare class") == [175 / 25, said[y == 1].mean()]
    assert ran("a rare class")[-1].names.count("class-imbalance") == 1


def test_a_column_that_is_not_heard_is_named_with_its_correlation():
    _, x, y, *_ = ran("a faint column")
    number, column, link, effect = evidence("a faint column")
    assert (number, column) == (1, 1)
    assert link == pytest.approx(abs(np.corrcoef(x[:, 1], y)[0, 1]), rel=1e-4)
    assert effect < 0.01


def test_a_column_that_is_not_heard_keeps_its_name():
    pandas = pytest.importorskip("pandas")
    x, y = SICK["a faint column"][0]()[1:3]
    frame = pandas.DataFrame(x, columns=["A", "Mean Size", "C", "D", "E", "F"])
    model = network()
    model.fit(frame, y, epochs=40, verbose=0)
    told = model.diagnose()["ignored-input"].meaning
    assert told.startswith("'Mean Size' goes with the labels (correlation 0.")


def test_one_answer_is_given_to_all_though_a_fifth_is_another():
    assert evidence("one answer") == [1.0, 0.8]


def test_the_losses_of_a_run_that_learned_nothing_are_those_of_scikit_learn():
    model, x, y, *_ = ran("standing still")
    chances = np.asarray(model.predict(x, verbose=0))[:, 0]
    expected = [log_loss(y, chances), log_loss(y, np.full(200, y.mean()))]
    assert evidence("standing still") == pytest.approx(expected, rel=1e-4)


def test_scores_are_those_of_the_rows_for_validation():
    model, _, _, options, _ = ran("labels by lot")
    x, y = options["validation_data"]
    said = np.asarray(model.predict(x, verbose=0))[:, 0] > 0.5
    score, _, constant = evidence("labels by lot")
    assert (score, constant) == (accuracy_score(y, said), max(y.mean(), 1 - y.mean()))


def test_a_network_behind_a_forest_is_told_both_scores():
    model, x, y, *_ = ran("no line helps")
    said = np.asarray(model.predict(x, verbose=0))[:, 0] > 0.5
    score, own, simple = evidence("no line helps")
    assert score == own == accuracy_score(y, said)
    assert simple > score + 0.1


def test_the_best_epoch_and_what_came_after_are_those_of_the_curve():
    curve = ran("by heart")[0].history.history["val_loss"]
    best, ratio, risen, own, others = evidence("by heart")
    assert best == np.argmin(curve) + 1
    held = ran("by heart")[3]["validation_data"][1]
    share = np.mean(held)
    constant = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    assert risen == pytest.approx((curve[-1] - min(curve)) / constant, rel=1e-4)
    assert ratio == pytest.approx(curve[-1] / min(curve))
    assert own > others + 0.1


def test_classes_learned_as_numbers_are_counted_right_by_rounding():
    model, _, _, options, _ = ran("classes as numbers")
    x, y = options["validation_data"]
    right, simple = evidence("classes as numbers")
    assert right == np.mean(np.round(model.predict(x, verbose=0)[:, 0]) == y)
    assert simple == 1


def test_a_loss_that_rises_above_its_first_epoch_tells_of_too_high_a_rate():
    model, x, y, _ = SICK["rate 30"][0]()
    losses = model.fit(x, y, epochs=6, verbose=0).history["loss"]
    (found,) = risen_loss(last_case(model))
    assert found.evidence["lowest loss"] == min(losses[: int(found.evidence["epoch"]) - 1])
    assert found.evidence["highest loss"] == max(losses)
    assert losses[int(found.evidence["epoch"]) - 1] == max(losses)


def swung(*losses, **options):
    """Say whether a run that came out well is told of too high a rate by its losses."""
    model, x, y, _ = HEALTHY["two classes"]()
    model.fit(x, y, epochs=40, verbose=0, **options)
    held = last_case(model)
    assert did_well(held)
    history = SimpleNamespace(history={"loss": [float(one) for one in losses]})
    return [one.name for one in risen_loss(replace(held, history=history))] == ["lr-too-high"]


def test_a_loss_thrown_above_that_of_one_answer_tells_it_however_the_run_came_out():
    chance = np.log(2)
    assert swung(0.4, 0.2, 2 * chance, 0.3, 2 * chance, 0.1)
    assert not swung(0.4, 0.2, 2 * chance, 0.3, 0.2, 0.1)  # an accident
    assert not swung(0.1, 0.02, 0.3, 0.02, 0.3, 0.02)  # rough, but never worse than one answer
    assert not swung(9.0, 5.0, 3.0, 2.0, 1.5, 0.9)  # a penalty on its way down


def test_the_fall_is_the_slope_of_the_logarithm_of_the_last_losses():
    first, _, last = ran("three epochs")[0].history.history["loss"]
    # A straight line through three points rises from one to the next as from first to last.
    expected = [np.log(first / last) / 2, 3, 3 * 7]
    assert evidence("three epochs") == pytest.approx(expected, rel=1e-4)


def test_rows_of_an_embedding_that_occur_are_counted():
    assert evidence("few words") == [1000, 50]
    assert finding("few words").layer == "embedding"
