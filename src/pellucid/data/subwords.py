"""Texts as pieces of words: a vocabulary learned by byte-pair encoding, and the way back."""

import functools
import heapq
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.errors import DataError, Problem, report

PADDING, UNKNOWN = "", "[UNK]"
"""The special pieces that every vocabulary begins with, at places 0 and 1."""

UNKNOWN_CHARACTER = "\ufffd"
"""What an unknown piece reads as."""

LONGEST = 64
"""Characters after which a run without spaces is cut, so that encoding it stays quick."""

_MARKS = r"!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f\uff01-\uff0f"
_RUNS = re.compile(
    rf" ?[^\s\d{_MARKS}]{{1,{LONGEST}}}"
    rf"| ?\d{{1,{LONGEST}}}"
    rf"| ?[{_MARKS}]{{1,{LONGEST}}}"
    rf"|\s{{1,{LONGEST}}}(?!\S)"
    r"|\s"
)
"""Letters, digits, punctuation, each with the space before it, and further white space."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class SubwordVocabulary:
    """Pieces of words and their numbers; a text is turned into numbers and back without loss.

    Characters that are not among the pieces become the one number for unknown ones.

    Args:
        pieces: The pieces, in the order in which they were learned: characters first.
        special: Pieces that no text is cut into, with the first numbers: padding, unknown, and
            what the caller needs, such as a start and an end.

    Raises:
        DataError: A piece is empty or stands there twice.

    Example:
        >>> from pellucid.data.subwords import SubwordVocabulary
        >>> vocabulary = SubwordVocabulary(("l", "o", "w", "lo", "low"))
        >>> vocabulary.encode("lowo"), vocabulary.decode([6, 3])
        ([6, 3], 'lowo')
    """

    pieces: tuple[str, ...]
    special: tuple[str, ...] = (PADDING, UNKNOWN)

    def __post_init__(self) -> None:
        counts = Counter([*self.special, *filter(None, self.pieces)])
        twice = [piece for piece, times in counts.items() if times > 1]
        found = []
        if twice:
            found.append(Problem("pieces", f"{twice[0]!r} twice", "each piece once"))
        if "" in self.pieces:
            found.append(Problem("pieces", "an empty one", "text"))
        report(found, DataError)

    def __len__(self) -> int:
        return len(self.special) + len(self.pieces)

    @functools.cached_property
    def tokens(self) -> tuple[str, ...]:
        """All pieces, special ones first; the place of each is its number."""
        return (*self.special, *self.pieces)

    @functools.cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each piece, special ones among them."""
        return {token: number for number, token in enumerate(self.tokens)}

    def encode(self, text: str) -> list[int]:
        """Return the numbers of the pieces of a text.

        Args:
            text: Any text.
        """
        return [number for run in _RUNS.findall(text) for number in self._encoded(run)]

    def decode(self, numbers: Iterable[int]) -> str:
        """Return the text that numbers stand for; special pieces are left out.

        Args:
            numbers: Numbers of pieces, as whole numbers of any kind.

        Raises:
            DataError: A number is that of no piece.
        """
        return "".join(map(self._decoded, numbers))

    def _decoded(self, number: Any) -> str:
        place = int(number)
        if not 0 <= place < len(self):
            expected = f"numbers from 0 to {len(self) - 1}"
            report([Problem("decode", repr(place), expected)], DataError)
        if place >= len(self.special):
            return self.tokens[place]
        return UNKNOWN_CHARACTER if self.special[place] == UNKNOWN else ""

    @functools.cached_property
    def _encoded(self) -> Any:
        """Return the numbers of one run; those met before are remembered."""
        ranks = {piece: rank for rank, piece in enumerate(self.pieces)}
        first, unknown = len(self.special), self.special.index(UNKNOWN)

        @functools.lru_cache(maxsize=100_000)
        def encoded(run: str) -> tuple[int, ...]:
            return tuple(
                ranks[part] + first if part in ranks else unknown for part in _joined(run, ranks)
            )

        return encoded


def _joined(run: str, ranks: dict[str, int]) -> list[str]:
    """Return a run in pieces: the neighbours that were joined first in learning join first."""
    parts = list(run)
    while len(parts) > 1:
        joins = [ranks.get(a + b, len(ranks)) for a, b in itertools.pairwise(parts)]
        best = min(joins)
        if best == len(ranks):
            break
        parts = _merged(parts, lambda a, b, best=best: ranks.get(a + b) == best)
    return parts


def _merged(parts: Sequence[str], fits: Callable[[str, str], bool]) -> list[str]:
    """Return parts with the neighbours that fit joined, from the left."""
    merged, place = [], 0
    while place < len(parts):
        if place + 1 < len(parts) and fits(parts[place], parts[place + 1]):
            merged.append(parts[place] + parts[place + 1])
            place += 2
        else:
            merged.append(parts[place])
            place += 1
    return merged


def learn_subwords(
    texts: Iterable[str], size: int, special: Sequence[str] = (PADDING, UNKNOWN)
) -> SubwordVocabulary:
    """Return a vocabulary of pieces of words, learned from texts by byte-pair encoding.

    It begins with the characters; then the two neighbouring pieces that occur together most often
    become one piece, again and again. Frequent words become single pieces, rare ones several.

    Args:
        texts: Texts, those to train on alone.
        size: Most pieces, special ones among them. Where characters would fill more than half
            of it, the rarest are left out and become unknown.
        special: Pieces that no text is cut into; padding and unknown first.

    Raises:
        DataError: There are no texts, or `size` leaves no room.

    Example:
        >>> from pellucid.data.subwords import learn_subwords
        >>> vocabulary = learn_subwords(["low low lower lowest", "new newest newest"], 24)
        >>> [vocabulary.tokens[number] for number in vocabulary.encode("new lowest")]
        ['new', ' low', 'est']
        >>> vocabulary.decode(vocabulary.encode("new lowest"))
        'new lowest'

    Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword
        Units" (2016). Pieces know the space before them, so that texts come back as they were.
    """
    special = tuple(special)
    runs = Counter(run for text in texts for run in _RUNS.findall(text))
    found = []
    if not runs:
        found.append(Problem("learn_subwords(texts=...)", "no text", "at least one character"))
    if size < len(special) + 2:
        expected = f"at least {len(special) + 2}: special pieces and two more"
        found.append(Problem("learn_subwords(size=...)", str(size), expected))
    report(found, DataError)
    room = size - len(special)
    characters = Counter[str]()
    for run, times in runs.items():
        for one in run:
            characters[one] += times
    kept = sorted(characters, key=lambda one: (-characters[one], one))
    if len(kept) > room // 2:
        kept = kept[: max(room // 2, 1)]
    joined = _learned(runs, frozenset(kept), room - len(kept), {*special, *kept})
    return SubwordVocabulary((*sorted(kept), *joined), special)


def _learned(runs: Counter[str], known: frozenset[str], room: int, taken: set[str]) -> list[str]:
    """Return the pieces that joining makes of runs, in the order they were made."""
    pieces: list[str] = []
    pairs = _Pairs(runs, known)
    while len(pieces) < room and (pair := pairs.most_frequent()) is not None:
        pairs.join(pair)
        if (piece := pair[0] + pair[1]) not in taken:
            pieces.append(piece)
            taken.add(piece)
    return pieces


class _Pairs:
    """How often each two pieces are neighbours, kept up to date while pairs are joined."""

    def __init__(self, runs: Counter[str], known: frozenset[str]) -> None:
        self.known = known
        self.parts = [list(run) for run in runs]
        self.times = list(runs.values())
        self.counts: Counter[Pair] = Counter()
        self.where: defaultdict[Pair, set[int]] = defaultdict(set)
        for place in range(len(self.parts)):
            self._add(place)
        self.heap = [(-count, pair) for pair, count in self.counts.items()]
        heapq.heapify(self.heap)

    def _neighbours(self, place: int) -> Iterator[Pair]:
        parts, known = self.parts[place], self.known
        for a, b in itertools.pairwise(parts):
            # A piece of several characters is made of known ones.
            if (len(a) > 1 or a in known) and (len(b) > 1 or b in known):
                yield a, b

    def _add(self, place: int) -> None:
        for pair in self._neighbours(place):
            self.counts[pair] += self.times[place]
            self.where[pair].add(place)

    def _remove(self, place: int) -> None:
        for pair in self._neighbours(place):
            self.counts[pair] -= self.times[place]

    def most_frequent(self) -> Pair | None:
        """Return the pair that occurs most often, the first by name among equals; None if once."""
        while self.heap:
            negative, pair = heapq.heappop(self.heap)
            count = self.counts[pair]
            if count < 2:
                continue
            if count == -negative:
                return pair
            # It occurs less often than when it was put there.
            heapq.heappush(self.heap, (-count, pair))
        return None

    def join(self, pair: Pair) -> None:
        """Join two pieces wherever they are neighbours."""
        piece, risen = pair[0] + pair[1], set[Pair]()
        for place in self.where.pop(pair):
            if pair not in self._neighbours(place):
                continue
            self._remove(place)
            self.parts[place] = _merged(self.parts[place], lambda a, b: (a, b) == pair)
            self._add(place)
            risen.update(one for one in self._neighbours(place) if piece in one)
        for one in risen:
            heapq.heappush(self.heap, (-self.counts[one], one))
