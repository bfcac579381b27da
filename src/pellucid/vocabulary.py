"""Closed vocabularies: the names by which users and files may ask for a description."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pellucid.description import Description
from pellucid.errors import ArgumentError, did_you_mean
from pellucid.types import Config


def snake_case(name: str) -> str:
    """Return `BinaryCrossentropy` as `binary_crossentropy`."""
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", spaced).lower()


class Vocabulary:
    """The known names of one kind of description, such as losses.

    Nothing is ever imported by name: a name is either in this table, in the
    `custom_objects` of the caller, or refused with a suggestion.

    Args:
        kind: What is named, in the user's word: "loss", "optimizer".
        classes: The classes, by their class names.
        aliases: Further names ("mse") and the class names they stand for.
        wrap: Turns a plain function into a description; None where functions are refused.
    """

    def __init__(
        self,
        kind: str,
        classes: Mapping[str, type[Description]],
        aliases: Mapping[str, str] | None = None,
        wrap: Callable[[Callable[..., Any]], Any] | None = None,
    ) -> None:
        self.kind = kind
        self.classes: dict[str, type[Description]] = {}
        self.wrap = wrap
        self.names: dict[str, str] = {}
        self.add(classes, aliases)

    def add(
        self, classes: Mapping[str, type[Description]], aliases: Mapping[str, str] | None = None
    ) -> None:
        """Take in more classes: those whose own fields are looked up in this vocabulary."""
        self.classes |= classes
        self.names |= {name: name for name in classes}
        self.names |= {snake_case(name): name for name in classes}
        self.names |= dict(aliases or {})

    def get(self, identifier: Any) -> Any:
        """Return the description meant by a name, class, configuration, function or object.

        Raises:
            ArgumentError: The name is unknown (a near one is suggested) or the type is wrong.
        """
        if identifier is None:
            return None
        if isinstance(identifier, Description) and identifier.kind == self.kind:
            return identifier
        if isinstance(identifier, str):
            return self.named(identifier)()
        if isinstance(identifier, type) and issubclass(identifier, Description):
            return identifier()
        if isinstance(identifier, Mapping):
            return self.from_config(identifier)
        if callable(identifier) and self.wrap is not None:
            return self.wrap(identifier)
        kind = f"{'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}"
        raise ArgumentError(
            f"{self.kind}: got {identifier!r}, expected a name, {kind} class or object"
            + (", or a function." if self.wrap else ".")
        )

    def named(
        self, name: str, custom_objects: Mapping[str, type[Description]] | None = None
    ) -> type[Description]:
        """Return the class called `name`; custom objects first."""
        if custom_objects and name in custom_objects:
            return custom_objects[name]
        known = self.names.get(name) or self.names.get(name.lower())
        if known is None:
            suggestion = did_you_mean(name, sorted(self.names))
            raise ArgumentError(
                f"{self.kind}: got the unknown name '{name}', "
                f"expected a known {self.kind}. {suggestion}"
            )
        return self.classes[known]

    def deserialize(
        self,
        given: str | Config,
        custom_objects: Mapping[str, type[Description]] | None = None,
    ) -> Any:
        """Return the description of a name or of a configuration; custom objects first."""
        if isinstance(given, str):
            return self.named(given, custom_objects)()
        return self.from_config(given, custom_objects)

    def from_config(
        self,
        config: Mapping[str, Any],
        custom_objects: Mapping[str, type[Description]] | None = None,
    ) -> Any:
        """Return the description that `{"class": "kind.Name", "config": {...}}` stands for."""
        kind, _, name = str(config.get("class", "")).partition(".")
        fields = config.get("config", {})
        if kind != self.kind or not isinstance(fields, Mapping):
            raise ArgumentError(
                f"{self.kind}: got the configuration {str(dict(config))[:200]}, "
                f"expected {{'class': '{self.kind}.Name', 'config': {{...}}}}."
            )
        return self.named(name, custom_objects).from_config(dict(fields))
