"""What the web leaves in texts, taken out, and a count of it."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.wording import count_text

_ENTITY = re.compile(
    r"&?#(?:\d{2,7}|[xX][0-9a-fA-F]{2,6});|&?\b(?:amp|lt|gt|quot|nbsp);|&\w{2,31};"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>|<!--.{0,2000}?-->", re.DOTALL)
_BACKSLASH = re.compile(r"\\+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe]")
_SPACE = re.compile(r"\s+")

ENTITIES, TAGS, BACKSLASHES, CONTROLS = (
    "HTML entities",
    "HTML tags",
    "backslashes",
    "control characters",
)


@dataclass(frozen=True)
class Cleaned:
    """Texts without what is no text, and what was taken out.

    Args:
        texts: The texts.
        counts: In how many of them each kind of thing was found.
        example: A piece of a text before and after; None where nothing was found.
    """

    texts: list[str]
    counts: dict[str, int]
    example: tuple[str, str] | None = None

    def note(self) -> str | None:
        """Return a sentence about what was cleaned, and how to have it left alone."""
        if not self.counts:
            return None
        told = ", ".join(
            f"{name} in {count_text(times, 'text')}" for name, times in self.counts.items()
        )
        assert self.example is not None
        before, after = self.example
        return f"Cleaned: {told}, such as {before!r} to {after!r}; clean=False leaves them."


def clean_texts(texts: Sequence[str]) -> Cleaned:
    r"""Return texts as a reader sees them.

    HTML entities, also those that lost their `&`, become their characters; tags, backslashes and
    control characters become spaces; runs of white space become one space; letters with accents
    get one form (Unicode NFC).

    Args:
        texts: The texts.

    Example:
        >>> from pellucid.data.text_cleaning import clean_texts
        >>> cleaned = clean_texts([r"It#39;s <b>5 &gt; 4</b>\now", "Plain."])
        >>> cleaned.texts
        ["It's 5 > 4 now", 'Plain.']
        >>> cleaned.counts
        {'HTML entities': 1, 'HTML tags': 1, 'backslashes': 1}
    """
    counts = Counter[str]()
    made, example = [], None
    for text in texts:
        clean, found = _cleaned(text)
        made.append(clean)
        counts.update(found)
        if found and example is None:
            example = _example(text)
    order = (ENTITIES, TAGS, BACKSLASHES, CONTROLS)
    return Cleaned(made, {name: counts[name] for name in order if counts[name]}, example)


def _cleaned(text: str) -> tuple[str, list[str]]:
    found = []
    # Tags are taken out after entities: `&lt;b&gt;` is how a tag reads that went through a feed.
    for name, pattern, change in (
        (ENTITIES, _ENTITY, _character),
        (TAGS, _TAG, " "),
        (BACKSLASHES, _BACKSLASH, " "),
        (CONTROLS, _CONTROL, " "),
    ):
        changed, times = pattern.subn(change, text)
        if times and changed != text:
            found.append(name)
            text = changed
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(), found


def _character(match: re.Match[str]) -> str:
    entity = match.group()
    return html.unescape(entity if entity.startswith("&") else f"&{entity}")


def _example(text: str) -> tuple[str, str]:
    """Return the words around the first thing that is cleaned, before and after."""
    starts = [
        match.start()
        for pattern in (_ENTITY, _TAG, _BACKSLASH, _CONTROL)
        if (match := pattern.search(text))
    ]
    words, place = [], 0
    for word in text.split(" "):
        place += len(word) + 1
        words.append(word)
        if place > min(starts):
            break
    piece = " ".join(words[-2:])[-60:]
    return piece, _cleaned(piece)[0]
