"""All set-ups: those that are dealt into two halves, and the unseen ones; healthy ones first."""

from diagnosis import healthy, sick
from diagnosis.unseen import healthy as unseen_healthy
from diagnosis.unseen import sick as unseen_sick

DEALT = [*healthy.HEALTHY, *sick.SICK]
UNSEEN = [*unseen_healthy.HEALTHY, *unseen_sick.SICK]
SETUPS = [*DEALT, *UNSEEN]
BY_KEY = {one.key: one for one in SETUPS}
