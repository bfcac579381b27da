"""The closed vocabulary of optimisers: every class that a name may stand for."""

from typing import Any

from pellucid.optimizers.adadelta import Adadelta
from pellucid.optimizers.adafactor import Adafactor
from pellucid.optimizers.adagrad import Adagrad
from pellucid.optimizers.adam import Adam, AdamW
from pellucid.optimizers.adamax import Adamax
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.ftrl import Ftrl
from pellucid.optimizers.lamb import Lamb
from pellucid.optimizers.lion import Lion
from pellucid.optimizers.muon import Muon
from pellucid.optimizers.nadam import Nadam
from pellucid.optimizers.optax_adapter import OptaxOptimizer, is_transformation
from pellucid.optimizers.rmsprop import RMSprop
from pellucid.optimizers.schedule_free import ScheduleFreeAdamW
from pellucid.optimizers.sgd import SGD
from pellucid.vocabulary import Vocabulary

CLASSES: tuple[type[Optimizer], ...] = (
    Adadelta,
    Adafactor,
    Adagrad,
    Adam,
    AdamW,
    Adamax,
    Ftrl,
    Lamb,
    Lion,
    Muon,
    Nadam,
    RMSprop,
    SGD,
    ScheduleFreeAdamW,
)

OPTIMIZERS = Vocabulary(
    "optimizer",
    {cls.__name__: cls for cls in CLASSES},
    aliases={cls.__name__.lower(): cls.__name__ for cls in CLASSES},
)


def get(identifier: Any) -> Any:
    """Return the optimiser meant by a name, class, configuration or object, or Optax's.

    Args:
        identifier: A name in any spelling ("adam", "RMSprop"), a class, an optimiser, a
            configuration, or an Optax gradient transformation.

    Raises:
        ArgumentError: The name is unknown (a near one is suggested) or the type is wrong.

    Example:
        >>> import pellucid
        >>> pellucid.optimizers.get("adam")
        Adam()
    """
    if is_transformation(identifier):
        return OptaxOptimizer(transformation=identifier)
    return OPTIMIZERS.get(identifier)
