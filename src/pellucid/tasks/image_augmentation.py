"""How images are varied while a network learns from them."""

import re
from collections.abc import Sequence
from typing import Any

from pellucid import layers
from pellucid.errors import Problem, did_you_mean
from pellucid.layers import Layer
from pellucid.tasks.image_form import ImageForm

VARIATIONS = {
    "rotate": "turned by up to 14 degrees",
    "shift": "shifted by up to a tenth",
    "zoom": "zoomed by up to a tenth",
    "flip": "mirrored",
    "light": "made lighter and darker",
}
"""What may be done to images, in words, in the order in which it is done."""

SIDED = re.compile(
    r"\d+|[^\W\d_]|.*(left|right|east|west).*|"
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten",
    re.IGNORECASE,
)
"""Names of classes that a mirror may exchange: numbers, letters, sides."""


def check_augment(augment: Any) -> list[Problem]:
    """Return what is wrong with the variations that a user asks for.

    Args:
        augment: True for what suits the classes, False for none, or names from `VARIATIONS`, in
            one text or several.
    """
    if isinstance(augment, bool):
        return []
    names = _names(augment)
    unknown = [one for one in names if one not in VARIATIONS]
    if names and not unknown:
        return []
    expected = f"True, False, or some of {', '.join(VARIATIONS)}"
    fix = did_you_mean(unknown[0], [*VARIATIONS]) if unknown else ""
    return [Problem("augment", repr(augment), expected, fix)]


def _names(augment: Any) -> list[str]:
    parts = augment.split(",") if isinstance(augment, str) else augment
    return [str(one).strip() for one in parts] if isinstance(parts, (list, tuple)) else []


def chosen_variations(augment: Any, classes: Sequence[str], form: ImageForm) -> tuple[str, ...]:
    """Return the names of the variations of images of some classes.

    Args:
        augment: What the user asks for, as `check_augment` takes it.
        classes: Names of the classes.
        form: Size and colours of the images.
    """
    if augment is False:
        return ()
    if augment is not True:
        names = _names(augment)
        return tuple(one for one in VARIATIONS if one in names)
    left_out = {"flip"} if sided(classes) else set()
    if not form.whole or form.color_mode == "grayscale":
        left_out.add("light")
    return tuple(one for one in VARIATIONS if one not in left_out)


def sided(classes: Sequence[str]) -> bool:
    """Return True where a mirror image may be of another class, as with digits and letters.

    Args:
        classes: Names of the classes.
    """
    return any(SIDED.fullmatch(one.strip()) for one in classes)


def variations_text(variations: Sequence[str], augment: Any, classes: Sequence[str]) -> str:
    """Return what is done to images, and how to change it.

    Args:
        variations: Their names.
        augment: What the user asked for.
        classes: Names of the classes.
    """
    if not variations:
        return "Images are not varied while training."
    told = ", ".join(VARIATIONS[one] for one in variations)
    why = ""
    if "flip" not in variations and augment is True:
        why = "; not mirrored, since the classes look like digits, letters or sides"
    return f"While training, images are at random {told}{why} (augment says otherwise)."


def variation_layers(variations: Sequence[str]) -> list[Layer]:
    """Return the layers that vary images with pixels from 0 to 255.

    Args:
        variations: Names of what they shall do.
    """
    made: dict[str, list[Layer]] = {
        "rotate": [layers.RandomRotation(0.04, fill_mode="nearest")],
        "shift": [layers.RandomTranslation(0.1, 0.1, fill_mode="nearest")],
        "zoom": [layers.RandomZoom(0.1, fill_mode="nearest")],
        "flip": [layers.RandomFlip("horizontal")],
        "light": [layers.RandomBrightness(0.1), layers.RandomContrast(0.2)],
    }
    return [layer for one in variations for layer in made[one]]
