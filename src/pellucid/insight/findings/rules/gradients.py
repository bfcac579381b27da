"""Gradients that fade, or grow, on their way back through layers or through time."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.restraints import loosened
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.remedies import (
    AddBatchNormalization,
    AddSkips,
    ClipGradients,
    Reinitialise,
    Remedy,
    ReplaceActivation,
    ScaleLearningRate,
    UseGatedCell,
    UseTanhCell,
)
from pellucid.layers import SimpleRNN
from pellucid.training.gauges import LIMITS, POSITIONS, activation_name
from pellucid.training.probes import Probes
from pellucid.wording import number_text

FADED = 1e-3
"""Share of the last layers' signal that arrives at the first (AUTOTRAINER)."""

FADED_IN_TIME = 1e-4
"""Share of the last step's signal that arrives at the first step."""

GROWN = 70.0
"""How many times as large the signal is at the first layer as at the last (AUTOTRAINER)."""

GROWN_IN_TIME = 100.0

SOUND, FALLEN = 3.0, 0.95
"""First loss, in losses of the constant answer, that blew up nothing; share to which it falls."""

BLOCKED = 0.9
"""Share of a layer's units that are dead from which hardly any signal comes through."""


def vanishing_gradient(case: Case) -> Iterator[Finding]:
    """Yield layers, or steps of a sequence, that the message of the error does not reach."""
    if did_well(case):
        return
    for when in (case.after, case.before):
        # A layer of dead units lets nothing through, which is said of the units.
        found = None if when is None or _is_blocked(when) else _faded(when)
        if found is None:
            continue
        layer, last, share = found
        if not share < FADED:
            continue
        yield Finding(
            "vanishing-gradient",
            "fault",
            f"Of the error's message at '{last}' only {number_text(share)} arrives at '{layer}'. "
            "Each layer on the way back makes it smaller, so that the first layers hardly learn.",
            {"signal at the first / at the last layer": share},
            _for_depth(case),
            layer=layer,
        )
        break
    for layer, share in _faded_in_time(case).items():
        if share < FADED_IN_TIME:
            yield Finding(
                "vanishing-gradient",
                "fault",
                f"Of the error's message at the last step of '{layer}' only {number_text(share)} "
                "arrives at the first step. What stands early in a sequence cannot be learned.",
                {"signal at the first / at the last step": share},
                _for_length(case, layer),
                layer=layer,
            )


def exploding_gradient(case: Case) -> Iterator[Finding]:
    """Yield layers, or steps of a sequence, at which the message of the error grows.

    A message that grows does no harm where the loss falls from a sound beginning.
    """
    if did_well(case) or _falls_from_sound_start(case):
        return
    before = case.before
    found = None if before is None else _grown(before)
    remedies = (ClipGradients(), Reinitialise(), ScaleLearningRate(0.1))
    if found is not None and found[2] > GROWN:
        layer, last, ratio = found
        yield Finding(
            "exploding-gradient",
            "fault",
            f"The error's message is {number_text(ratio)} times as large at '{layer}' as at "
            f"'{last}'. Each layer on the way back makes it larger, and steps are far too long.",
            {"signal at the first / at the last layer": ratio},
            remedies,
            layer=layer,
        )
        return
    for layer, ratio in {**_through_time(before), **_through_time(case.after)}.items():
        if ratio > GROWN_IN_TIME:
            yield Finding(
                "exploding-gradient",
                "fault",
                f"The error's message is {number_text(ratio)} times as large at the first step of "
                f"'{layer}' as at the last. It grows with every step back, and steps of the "
                "weights with it.",
                {"signal at the first / at the last step": ratio},
                (*_cells(case, layer), *remedies),
                layer=layer,
            )
            return


def _falls_from_sound_start(case: Case) -> bool:
    """Say whether the loss has fallen clearly, and began near that of a constant answer."""
    first, last = case.first_outcome, case.outcome
    if first is None or last is None or case.failure is not None:
        return False
    return first.value <= SOUND * last.constant and last.value < FALLEN * first.value


def _faded(when: Probes) -> tuple[str, str, float] | None:
    """Return the first layer, the later one with the most signal, and the first's share of it."""
    sizes = _signals(when)
    if len(sizes) < 2:
        return None
    (first, own), *later = sizes.items()
    last, most = max(later, key=lambda one: one[1])
    return (first, last, own / most) if most > 0 else None


def _grown(when: Probes) -> tuple[str, str, float] | None:
    """Return the first layer, the last, and how many times the last's signal the first gets."""
    sizes = _signals(when)
    if len(sizes) < 2:
        return None
    (first, arrived), *_, (last, sent) = sizes.items()
    return (first, last, arrived / sent) if sent > 0 else None


def _signals(when: Probes) -> dict[str, float]:
    """Return the size of the signal at each layer; nothing where one is not finite."""
    named = [layer for layer in when.layers if (layer, "signal/rms") in when]
    sizes = {layer: float(when[layer, "signal/rms"].value[-1]) for layer in named}
    return sizes if np.isfinite([*sizes.values()]).all() else {}


def _is_blocked(when: Probes) -> bool:
    if "activation/dead" not in when.quantities:
        return False
    return bool(when.select(quantity="activation/dead").values.max() > BLOCKED)


def _faded_in_time(case: Case) -> dict[str, float]:
    """Return for each recurrent layer the first step's share of the signal after the run.

    Of plain layers the lower of that and the share at the first weights: what does not arrive
    then teaches nothing. Gates begin half closed, and training opens them.
    """
    first, last = _through_time(case.before), _through_time(case.after)
    plain = {layer: share for layer, share in first.items() if _is_plain(case, layer)}
    return {
        layer: min(plain.get(layer, share), last.get(layer, share))
        for layer, share in {**first, **last}.items()
    }


def _through_time(when: Probes | None) -> dict[str, float]:
    """Return for each recurrent layer the signal at the first step as a share of the last's."""
    shares = dict[str, float]()
    if when is None:
        return shares
    for layer in when.layers:
        if (layer, "signal/back/0") not in when:
            continue
        back = [float(when[layer, f"signal/back/{n}"].value[-1]) for n in range(POSITIONS)]
        if np.isfinite(back).all() and back[0] > 0:
            shares[layer] = back[-1] / back[0]
    return shares


def _is_plain(case: Case, path: str) -> bool:
    layers = {node.path: case.network.layers[node.layer] for node in case.network.nodes}
    layer = layers.get(path)
    return isinstance(layer, SimpleRNN) or isinstance(getattr(layer, "layer", None), SimpleRNN)


def _for_depth(case: Case) -> tuple[Remedy, ...]:
    used = [activation_name(layer) for layer in case.network.layers[:-1]]
    names = [name for name in dict.fromkeys(used) if name in LIMITS]
    replaced = [ReplaceActivation(name, "relu") for name in names]
    selu = [ReplaceActivation(name, "selu") for name in names]
    return (*loosened(case), *replaced, AddBatchNormalization(), AddSkips(), *selu, Reinitialise())


def _for_length(case: Case, layer: str) -> tuple[Remedy, ...]:
    return (*loosened(case), *_cells(case, layer), ClipGradients(), Reinitialise())


def _cells(case: Case, layer: str) -> tuple[Remedy, ...]:
    """Return the cells through which messages of a plain recurrent layer keep their size."""
    return (UseGatedCell(), UseTanhCell()) if _is_plain(case, layer) else ()
