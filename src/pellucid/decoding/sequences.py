"""What decoding found."""

from dataclasses import dataclass

import numpy as np

from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Sequences:
    """The sequences that were found for each row, best first.

    Args:
        tokens: Shape (rows, width, steps), whole numbers: the words behind the start, with the
            end among them and padding behind it.
        log_probability: Shape (rows, width): sum of the words' log probabilities; -inf where
            there were fewer sequences.
        length: Shape (rows, width): number of words, the end among them.
        score: Shape (rows, width): what the sequences are ordered by.
        end: The word that ends a sequence; None where there is none.
    """

    tokens: NumpyArray
    log_probability: NumpyArray
    length: NumpyArray
    score: NumpyArray
    end: int | None = None

    @property
    def best(self) -> list[list[int]]:
        """For each row the words of its best sequence, without the end and what is behind it."""
        return [self.words(row) for row in range(len(self.tokens))]

    def words(self, row: int, place: int = 0) -> list[int]:
        """Return the words of one sequence, without the end and what is behind it.

        Args:
            row: Number of the row.
            place: 0 for its best sequence, 1 for the next.
        """
        words = self.tokens[row, place, : self.length[row, place]]
        return words[: -1 if self.end is not None and words[-1:] == self.end else None].tolist()

    def __len__(self) -> int:
        return len(self.tokens)


def joined(parts: list[Sequences]) -> Sequences:
    """Return the sequences of several batches as one."""
    names = ("tokens", "log_probability", "length", "score")
    arrays = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return Sequences(*arrays, end=parts[0].end)
