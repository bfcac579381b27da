"""Taking turns, so that the machine's moods hit all peers alike."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from environments import Peer

Samples = dict[str, list[float]]


def in_turns(peers: Sequence[Peer], rounds: int) -> Iterator[tuple[int, Peer]]:
    """Yield every peer once a round; each round starts with the next one."""
    for turn in range(rounds):
        start = turn % max(len(peers), 1)
        for peer in [*peers[start:], *peers[:start]]:
            yield turn, peer


def say(text: str) -> None:
    print(text, flush=True)


def entry(rounds: int) -> dict[str, Any]:
    """Return what every measurement of a network tells: when, how often, and who was missing."""
    return {"date": date.today().isoformat(), "rounds": rounds, "missing": {}}
