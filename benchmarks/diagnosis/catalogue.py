"""All set-ups: those that are dealt into two halves, and later ones; healthy ones first."""

from diagnosis import healthy, sick
from diagnosis.fresh import healthy as fresh_healthy
from diagnosis.fresh import sick as fresh_sick
from diagnosis.unseen import healthy as unseen_healthy
from diagnosis.unseen import sick as unseen_sick

DEALT = [*healthy.HEALTHY, *sick.SICK]
UNSEEN = [*unseen_healthy.HEALTHY, *unseen_sick.SICK]
FRESH = [*fresh_healthy.HEALTHY, *fresh_sick.SICK]
SETUPS = [*DEALT, *UNSEEN, *FRESH]
BY_KEY = {one.key: one for one in SETUPS}
