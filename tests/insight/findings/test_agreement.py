"""Findings that explain one another, and remedies that do not contradict one another."""

from dataclasses import replace

import pytest

from insight.findings.runs import SICK
from pellucid.insight import remedies
from pellucid.insight.findings import Finding
from pellucid.insight.findings.agreement import EXPLAINS, SYMPTOMS, agreed
from pellucid.insight.findings.catalogue import TITLES
from pellucid.insight.remedies import (
    AddDropout,
    BalanceClasses,
    MoreEpochs,
    ReduceRegularisation,
    ScaleLearningRate,
    SetLearningRate,
    ShrinkModel,
    StopEarly,
    Widen,
)

LOWER, HIGHER = ScaleLearningRate(0.1), ScaleLearningRate(10.0)
FAULTS = {"lr-too-high", "not-learning", "dead-units", "vanishing-gradient", "frozen-parameters"}


def finding(name, *given, severity=None):
    grade = severity or ("fault" if name in FAULTS else "warning")
    return Finding(name, grade, "What it means.", {}, given)


BEHIND = finding("underfit", Widen(), MoreEpochs(), ScaleLearningRate(3.0))
STILL = finding("not-learning", LOWER, HIGHER, MoreEpochs())


def words(found, name):
    return found[name].remedies


# -- what follows from what ---------------------------------------------------------------------


def test_every_name_is_one_of_the_catalogue():
    named = {*EXPLAINS, *SYMPTOMS, *(one for several in EXPLAINS.values() for one in several)}
    assert named <= TITLES.keys()


@pytest.mark.parametrize(
    "cause",
    [
        "lr-too-low",
        "lr-too-high",
        "unscaled-inputs",
        "frozen-parameters",
        "saturated-units",
        "vanishing-gradient",
        "dead-units",
        "over-regularized",
        "narrow-layer",
        "not-learning",
    ],
)
def test_a_network_is_not_called_too_small_where_something_else_holds_it_back(cause):
    found = agreed([BEHIND, finding(cause)])
    assert found.names == [cause, "underfit"]
    behind = found["underfit"]
    assert (behind.severity, behind.cause, behind.remedies) == ("note", cause, ())
    assert str(behind) == (
        "note: underfit\n"
        "  What it means. Something else holds it back: only if it stays behind without that is "
        f"it too small. It follows from {cause}."
    )


def test_a_run_that_was_cut_short_is_named_before_the_size_of_its_network():
    found = agreed([BEHIND, finding("under-trained", MoreEpochs(3))])
    assert found.names == ["under-trained", "underfit"]
    assert found["underfit"].severity == "warning"
    assert str(found["underfit"]).splitlines()[1] == (
        "  What it means. Whether it is too small as well shows once it has trained for longer. "
        "It follows from under-trained."
    )


@pytest.mark.parametrize(
    "beside", ["label-leakage", "train-val-overlap", "label-noise", "class-imbalance", "overfit"]
)
def test_what_only_spoils_the_score_is_no_cause_of_a_bad_fit(beside):
    found = agreed([BEHIND, finding(beside)])
    assert (found["underfit"].severity, found["underfit"].cause) == ("warning", None)
    assert found["underfit"].meaning.endswith(
        " It is too small, or something that was not found holds it back."
    )


def test_a_note_explains_nothing():
    found = agreed([BEHIND, finding("narrow-layer", severity="note")])
    assert found["underfit"].cause is None


def test_a_cause_goes_before_what_shows_inside_and_that_before_how_the_run_came_out():
    told = [finding("dead-units"), STILL, BEHIND, finding("unscaled-inputs")]
    causes = {one.name: one.cause for one in agreed(told)}
    assert causes == {
        "unscaled-inputs": None,
        "dead-units": "unscaled-inputs",
        "not-learning": "unscaled-inputs",
        "underfit": "unscaled-inputs",
    }
    causes = {one.name: one.cause for one in agreed(told[:3])}
    assert causes == {
        "dead-units": None,
        "not-learning": "dead-units",
        "underfit": "dead-units",
    }


def test_small_steps_do_not_explain_units_that_died():
    found = agreed([finding("dead-units"), STILL, finding("lr-too-low")])
    assert found["dead-units"].cause is None
    assert found["not-learning"].cause == "lr-too-low"


def test_a_run_that_a_copy_went_on_from_was_cut_short_whatever_else_was_seen():
    inside = finding("dead-units", LOWER)
    short = replace(finding("under-trained", MoreEpochs()), proved=True)
    found = agreed([inside, finding("constant-predictions"), STILL, BEHIND, short])
    assert found.names[0] == "under-trained"
    assert {one.name: one.cause for one in found} == {
        "under-trained": None,
        "constant-predictions": "under-trained",
        "not-learning": "under-trained",
        "dead-units": "under-trained",
        "underfit": "under-trained",
    }
    assert (found["dead-units"].severity, found["dead-units"].remedies) == ("note", ())
    assert found["dead-units"].meaning.endswith(
        " A copy that trained for longer came further all the same."
    )
    assert agreed([inside, finding("under-trained")])["under-trained"].cause == "dead-units"


def placed(name, layer, severity=None):
    return replace(finding(name, severity=severity), layer=layer)


def places(*findings):
    return [(one.name, one.layer) for one in agreed(findings)]


def test_a_problem_in_several_places_leaves_the_second_place_to_another():
    several = [placed("missing-nonlinearity", one) for one in ("a", "b", "c")]
    others = [finding("label-noise"), placed("narrow-layer", "a", "note")]
    assert places(*several, *others) == [
        ("missing-nonlinearity", "a"),
        ("label-noise", None),
        ("missing-nonlinearity", "b"),
        ("missing-nonlinearity", "c"),
        ("narrow-layer", "a"),
    ]
    assert places(*several) == [("missing-nonlinearity", one) for one in ("a", "b", "c")]


def test_what_only_follows_or_is_a_note_does_not_come_between():
    told = [placed("bad-init", "a"), placed("bad-init", "b"), finding("dead-units")]
    assert places(*told, finding("duplicate-rows", severity="note")) == [
        ("bad-init", "a"),
        ("bad-init", "b"),
        ("dead-units", None),
        ("duplicate-rows", None),
    ]


# -- remedies -----------------------------------------------------------------------------------


def test_a_rate_that_was_found_too_low_is_nowhere_lowered():
    slow = finding("lr-too-low", SetLearningRate(0.1), HIGHER)
    found = agreed([finding("dead-units", LOWER, remedies.Reinitialise()), STILL, slow])
    assert words(found, "lr-too-low") == (SetLearningRate(0.1), HIGHER)
    assert words(found, "not-learning") == (HIGHER, MoreEpochs())
    assert words(found, "dead-units") == (remedies.Reinitialise(),)


def test_a_rate_that_was_found_too_high_is_nowhere_raised():
    found = agreed([STILL, finding("under-trained", HIGHER), finding("lr-too-high", LOWER)])
    assert words(found, "not-learning") == (LOWER, MoreEpochs())
    assert words(found, "under-trained") == ()


def test_without_another_finding_both_ways_are_offered():
    assert words(agreed([STILL]), "not-learning") == STILL.remedies


def test_a_guess_both_ways_is_not_offered_beside_a_known_cause():
    found = agreed([finding("vanishing-gradient", remedies.AddBatchNormalization()), STILL])
    assert words(found, "not-learning") == (MoreEpochs(),)


def test_what_was_learned_by_heart_is_not_trained_longer():
    rare = finding("class-imbalance", BalanceClasses(), MoreEpochs())
    heart = finding("overfit", StopEarly(), AddDropout(0.3), ShrinkModel(2))
    found = agreed([rare, heart])
    assert words(found, "class-imbalance") == (BalanceClasses(),)
    assert words(found, "overfit") == heart.remedies


def test_too_much_regularisation_is_not_answered_with_more():
    strong = finding("over-regularized", ReduceRegularisation())
    found = agreed([strong, finding("overfit", StopEarly(), AddDropout(0.3))])
    assert words(found, "overfit") == (StopEarly(),)


def test_a_note_settles_nothing():
    large = finding("too-many-parameters", ShrinkModel(), severity="note")
    found = agreed([large, BEHIND])
    assert words(found, "underfit") == BEHIND.remedies
    assert words(found, "too-many-parameters") == ()


def test_classes_are_weighed_only_where_some_are_rarer():
    same = finding("constant-predictions", BalanceClasses(), LOWER)
    assert words(agreed([same]), "constant-predictions") == (LOWER,)
    uneven = finding("class-imbalance", severity="note")
    assert words(agreed([same, uneven]), "constant-predictions") == same.remedies


# -- runs ---------------------------------------------------------------------------------------


def test_a_run_at_too_low_a_rate_is_told_one_thing():
    model, x, y, options = SICK["rate 1e-6"][0]()
    model.fit(x, y, verbose=0, **options)
    found = model.diagnose()
    assert found.names[0] == "lr-too-low"
    ways = {one.turn for told in found for one in told.remedies if one.turn is not None}
    assert ("learning rate", -1) not in ways
    assert not any(isinstance(one, BalanceClasses) for told in found for one in told.remedies)
    assert found["not-learning"].cause == "lr-too-low"
    assert found["underfit"].severity == "note"


def test_the_same_is_not_told_twice():
    model, x, y, options = SICK["rate 30"][0]()
    model.fit(x, y, verbose=0, **options)
    assert [one.name for one in model.diagnose()].count("lr-too-high") == 1
