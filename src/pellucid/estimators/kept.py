"""A model as the bytes of its file, which hold no code, so that an estimator can be pickled."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pellucid.models.storing import load_model, own_classes


@dataclass(frozen=True)
class KeptModel:
    """A saved model in memory.

    Args:
        content: Bytes of its `.pellucid` file.
        classes: Classes of its layers that are not Pellucid's own, by name.
    """

    content: bytes
    classes: Mapping[str, type]

    @classmethod
    def of(cls, model: Any) -> "KeptModel":
        """Return `model` as it would be saved.

        Raises:
            NotSaveableError: It holds something that a file must not hold.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.pellucid"
            model.save(path)
            return cls(path.read_bytes(), own_classes(model))

    def model(self) -> Any:
        """Return the model, read from the bytes with all checks of a file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.pellucid"
            path.write_bytes(self.content)
            return load_model(path, self.classes)
