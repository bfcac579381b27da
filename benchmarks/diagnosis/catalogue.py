"""All set-ups: those that are dealt into two halves, and later ones; healthy ones first."""

from itertools import chain

from diagnosis import healthy, sick
from diagnosis.blind import healthy as blind_healthy
from diagnosis.blind import sick as blind_sick
from diagnosis.fresh import healthy as fresh_healthy
from diagnosis.fresh import sick as fresh_sick
from diagnosis.held import healthy as held_healthy
from diagnosis.held import sick as held_sick
from diagnosis.sealed import healthy as sealed_healthy
from diagnosis.sealed import sick as sealed_sick
from diagnosis.unseen import healthy as unseen_healthy
from diagnosis.unseen import sick as unseen_sick

DEALT = [*healthy.HEALTHY, *sick.SICK]
LATER = {
    "unseen": [*unseen_healthy.HEALTHY, *unseen_sick.SICK],
    "fresh": [*fresh_healthy.HEALTHY, *fresh_sick.SICK],
    "blind": [*blind_healthy.HEALTHY, *blind_sick.SICK],
    "sealed": [*sealed_healthy.HEALTHY, *sealed_sick.SICK],
    "held": [*held_healthy.HEALTHY, *held_sick.SICK],
}
"""The set-ups of each part that came later, the earliest first."""

SETUPS = [*DEALT, *chain.from_iterable(LATER.values())]
BY_KEY = {one.key: one for one in SETUPS}
PARTS = ("tuning", "test", *LATER)
"""The names of the parts, in the order in which they were made."""
