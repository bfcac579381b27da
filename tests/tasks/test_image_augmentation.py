import pytest

from pellucid.tasks.image_augmentation import (
    VARIATIONS,
    check_augment,
    chosen_variations,
    sided,
    variation_layers,
    variations_text,
)
from pellucid.tasks.image_form import ImageForm

COLOUR, GREY = ImageForm(8, 8, "rgb"), ImageForm(8, 8, "grayscale")


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (("cat", "dog"), False),
        (("0", "1"), True),
        (("b", "d"), True),
        (("turn left", "stop"), True),
        (("Three", "Four"), True),
        (("t-shirt", "bag"), False),
    ],
)
def test_digits_letters_and_sides_are_not_mirrored(classes, expected):
    assert sided(classes) is expected
    assert ("flip" in chosen_variations(True, classes, COLOUR)) is not expected


def test_light_is_varied_in_colours_alone():
    assert chosen_variations(True, ["cat"], COLOUR) == tuple(VARIATIONS)
    assert chosen_variations(True, ["cat"], GREY) == ("rotate", "shift", "zoom", "flip")


def test_the_user_has_the_last_word():
    assert chosen_variations(False, ["cat"], COLOUR) == ()
    assert chosen_variations("flip, rotate", ["0"], GREY) == ("rotate", "flip")
    assert chosen_variations(["light"], ["0"], GREY) == ("light",)
    assert variation_layers(()) == []
    kinds = [type(one).__name__ for one in variation_layers(["rotate", "flip"])]
    assert kinds == ["RandomRotation", "RandomFlip"]


def test_what_is_done_is_told():
    assert variations_text(("rotate", "shift"), True, ["0"]) == (
        "While training, images are at random turned by up to 14 degrees, shifted by up to a "
        "tenth; not mirrored, since the classes look like digits, letters or sides (augment says "
        "otherwise)."
    )
    assert variations_text(("flip",), ["flip"], ["cat"]) == (
        "While training, images are at random mirrored (augment says otherwise)."
    )
    assert variations_text((), False, ["0"]) == "Images are not varied while training."


@pytest.mark.parametrize("augment", [1, [], "flips", "zoom,spin"])
def test_what_is_no_variation_is_told(augment):
    (problem,) = check_augment(augment)
    fix = {
        "flips": " Did you mean 'flip'?",
        "zoom,spin": " Known: flip, light, rotate, shift, zoom.",
    }.get(str(augment), "")
    assert str(problem) == (
        f"augment: got {augment!r}, expected True, False, or some of rotate, shift, zoom, flip, "
        f"light.{fix}"
    )
