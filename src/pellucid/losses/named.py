"""Descriptions that are always called something: losses and metrics."""

from typing import ClassVar

from pellucid.description import Description, altered, text
from pellucid.vocabulary import snake_case


class Named(Description):
    """A description with a name for logs; made from the class where none is given.

    Args:
        name: Name in logs and messages.
    """

    default_name: ClassVar[str | None] = None
    """The automatic name where it is not the class name in small letters."""

    name: str | None = text(default=None, kw_only=True, identity=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.name is None:
            object.__setattr__(self, "name", self._automatic_name())

    @classmethod
    def _automatic_name(cls) -> str:
        return cls.__dict__.get("default_name") or snake_case(cls.__name__)

    def __repr__(self) -> str:
        if self.name != self._automatic_name():
            return super().__repr__()
        return super(Named, altered(self, name=None)).__repr__()
