"""All set-ups, healthy ones first."""

from diagnosis.healthy import HEALTHY
from diagnosis.sick import SICK

SETUPS = [*HEALTHY, *SICK]
BY_KEY = {one.key: one for one in SETUPS}
