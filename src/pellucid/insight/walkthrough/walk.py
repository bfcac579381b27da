"""The walk through training steps: what is asked, done, and told stage by stage."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pellucid.errors import NonFiniteError, Problem, did_you_mean, report
from pellucid.insight.walkthrough.by_layer import (
    WeightReading,
    backward_items,
    forward_items,
    layer_checks,
    layer_readings,
    update_items,
    weight_readings,
)
from pellucid.insight.walkthrough.chain import loss_obstacle
from pellucid.insight.walkthrough.differences import Agreement, scale_of
from pellucid.insight.walkthrough.document import (
    Cell,
    Document,
    Heading,
    Item,
    Sentence,
    Stage,
    Table,
)
from pellucid.insight.walkthrough.exercise import Exercise, Taken
from pellucid.insight.walkthrough.scalars import ScalarStep
from pellucid.insight.walkthrough.units import obstacle
from pellucid.insight.walkthrough.value import Step, Walkthrough
from pellucid.wording import count_text

LARGEST = 1000
"""Trained values times rows times steps up to which every scalar is shown."""

DETAILS = ("auto", "scalars", "layers")

STAGES = ("Forward", "Error", "Backpropagation", "Update")


def walk(exercise: Exercise, steps: int = 1, detail: str = "auto") -> Walkthrough:
    """Return the walk through `steps` training steps on one batch.

    Args:
        exercise: Network, aim, batch, and where training stands.
        steps: Updates to make, at least 1.
        detail: "scalars", "layers", or "auto" for scalars where the network is small.

    Raises:
        ArgumentError: An argument is out of range, or the network is too large for scalars.
        NonFiniteError: A loss or gradient is NaN or infinite.
    """
    chosen = _checked(exercise, steps, detail)
    state = exercise.begin()
    told: list[tuple[Step, list[Stage]]] = []
    initial: list[Item] = []
    for number in range(1, steps + 1):
        taken = exercise.take(state)
        _check_finite(taken, number)
        if chosen == "scalars":
            walked = ScalarStep(exercise, taken)
            initial = initial or list(walked.initial_items())
            told.append(_scalar_step(exercise, taken, walked))
        else:
            told.append(_layer_step(exercise, taken))
            initial = initial or [_weight_table(told[0][0].weights)]
        state = taken.after
    first = Stage("1. Initialisation", (Sentence(_opening(exercise)), *initial))
    middle = [Stage(f"{place}. {one.title}", one.items) for place, one in enumerate(told[0][1], 2)]
    last = Stage("6. Iterate", tuple(_iterate(told)))
    document = Document("Backpropagation, walked", (first, *middle, last))
    return Walkthrough(document, tuple(step for step, _ in told), chosen)


def _checked(exercise: Exercise, steps: int, detail: str) -> str:
    """Return "scalars" or "layers", after refusing what cannot be walked."""
    problems = []
    whole = isinstance(steps, (int, np.integer)) and not isinstance(steps, bool)
    if not whole or steps < 1:
        expected = "a whole number, at least 1"
        problems.append(Problem("walkthrough(steps=...)", repr(steps), expected))
    if detail not in DETAILS:
        expected = f"one of {', '.join(map(repr, DETAILS))}"
        fix = did_you_mean(str(detail), DETAILS)
        problems.append(Problem("walkthrough(detail=...)", repr(detail), expected, fix))
    if not exercise.recipe.network.trained:
        given, fix = "a model without trained weights", "Set trainable = True for a layer."
        problems.append(Problem("walkthrough", given, "weights to learn", fix))
    report(problems)
    if detail == "layers":
        return detail
    found = _too_much(exercise, steps)
    if detail == "scalars" and found is not None:
        fix = 'Write detail="layers".'
        report([Problem('walkthrough(detail="scalars")', *found, fix)])
    return "layers" if found is not None else "scalars"


def _too_much(exercise: Exercise, steps: int) -> tuple[str, str] | None:
    """Return what keeps scalars from being shown, and what would not; None if nothing does."""
    found = obstacle(exercise.recipe.network) or loss_obstacle(exercise)
    if found is not None:
        return found, "Dense layers in a single line, and a loss for each row"
    values = exercise.recipe.trained.size
    count = values * exercise.rows * steps
    if count <= LARGEST:
        return None
    parts = (
        count_text(values, "trained value"),
        count_text(exercise.rows, "row"),
        count_text(steps, "step"),
    )
    return f"{' × '.join(parts)} = {count:,}", f"at most {LARGEST:,}"


def _check_finite(taken: Taken, number: int) -> None:
    finite = np.isfinite(taken.loss) and all(np.isfinite(one).all() for one in taken.gradients)
    if not finite:
        given = f"the loss {taken.loss:g}" if not np.isfinite(taken.loss) else "a gradient"
        ending = "" if not np.isfinite(taken.loss) else " that is NaN or infinite"
        fix = "Scale the inputs, or lower the learning rate."
        problem = Problem(f"walkthrough, step {number}", given + ending, "finite numbers", fix)
        report([problem], NonFiniteError)


def _scalar_step(exercise: Exercise, taken: Taken, walked: ScalarStep) -> tuple[Step, list[Stage]]:
    agreement = Agreement(tuple(walked.checks()), scale_of(taken.gradients))
    items = (
        walked.forward_items(),
        walked.error_items(),
        [*walked.backward_items(), *_check_items(agreement, walked.slopes)],
        walked.update_items(),
    )
    rows = tuple(row.numbers for row in walked.chain.rows)
    numbers = {"numbers": walked.numbers(), "rows": rows, "after": walked.after()}
    return Step(taken.loss, taken.loss_after, agreement, **numbers), _stages(items)


def _layer_step(exercise: Exercise, taken: Taken) -> tuple[Step, list[Stage]]:
    layers, weights = layer_readings(exercise, taken), weight_readings(exercise, taken)
    agreement = Agreement(tuple(layer_checks(exercise, taken)), scale_of(taken.gradients))
    items = (
        forward_items(exercise, layers),
        [Sentence(_loss_sentence(exercise, taken))],
        [*backward_items(layers, weights), *_check_items(agreement)],
        [Sentence(f"By {exercise.recipe.optimizer!r}."), *update_items(weights)],
    )
    step = Step(taken.loss, taken.loss_after, agreement, layers=layers, weights=weights)
    return step, _stages(items)


def _stages(items: Any) -> list[Stage]:
    return [Stage(title, tuple(own)) for title, own in zip(STAGES, items, strict=True)]


def _opening(exercise: Exercise) -> str:
    recipe = exercise.recipe
    losses = ", ".join(target.loss.name for target in recipe.objective.targets if target.loss)
    made = f"after {count_text(exercise.step, 'update')}" if exercise.step else "before any update"
    return (
        f"{count_text(exercise.rows, 'row')}, {count_text(recipe.trained.size, 'trained value')}, "
        f"loss {losses or 'none'}, optimizer {recipe.optimizer!r}. The weights as they stand, "
        f"{made}. All is reckoned in float64, from weights and data in float32, as the training "
        "step reckons it: dropout, where there is any, drops what it drops in that step."
    )


def _loss_sentence(exercise: Exercise, taken: Taken) -> str:
    names = [target.loss.name for target in exercise.recipe.objective.targets if target.loss]
    penalty = f", of which penalties on weights {taken.penalty:.6g}" if taken.penalty else ""
    told = ", ".join(names) or "penalties alone"
    return f"The loss of the batch ({told}) is {taken.loss:.6g}{penalty}."


def _weight_table(weights: tuple[WeightReading, ...]) -> Table:
    rows = tuple((one.path, str(one.shape), one.rms) for one in weights)
    return Table(("weight", "shape", "rms"), rows)


def _check_items(agreement: Agreement, slopes: Mapping[str, Cell] = {}) -> Iterator[Item]:
    """Yield every gradient beside what else tells it, and whether they agree."""
    checks = agreement.checks
    by_chain = any(one.chain is not None for one in checks)
    yield Heading("The gradients, told another way")
    headers = ("slope", *(["chain rule"] if by_chain else []), "automatic", "difference")
    yield Table(
        headers,
        tuple(
            (
                slopes.get(one.name, one.name),
                *([one.chain] if by_chain else []),
                one.automatic,
                one.difference,
            )
            for one in checks
        ),
    )
    apart = f"{agreement.difference_error:.1e} between automatic gradients and differences"
    if by_chain:
        apart = f"{agreement.chain_error:.1e} between chain rule and automatic gradients, {apart}"
    yield Sentence(
        f"Largest disagreement: {apart}; the largest gradient is {agreement.scale:.3g}. A "
        "difference is (L(w + h) - L(w - h)) / 2h, exact to about ten digits."
    )
    for one in agreement.having("kink"):
        yield Sentence(
            f"{one.name} stands at a kink of the loss, as relu has one at 0: its slope is "
            f"{one.left:.6g} to the left and {one.right:.6g} to the right."
        )
    wrong = agreement.having("differs")
    if wrong:
        yield Sentence(
            f"THE GRADIENTS DISAGREE beyond rounding: {', '.join(one.name for one in wrong)}. A "
            "function with a slope of its own may give a wrong one.",
            loud=True,
        )


def _iterate(told: list[tuple[Step, list[Stage]]]) -> Iterator[Item]:
    rows = tuple(
        (number, step.loss, step.loss_after, step.loss_after - step.loss)
        for number, (step, _) in enumerate(told, 1)
    )
    yield Sentence("The loss of the same rows before and after each update:")
    yield Table(("step", "before", "after", "change"), rows)
    for number, (_, stages) in enumerate(told[1:], 2):
        for stage in stages:
            yield Heading(f"Step {number}: {stage.title.lower()}")
            yield from stage.items
    yield Sentence("So it goes on, batch by batch, until the loss no longer falls.")
