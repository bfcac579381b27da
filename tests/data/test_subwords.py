"""Sub-words are learned as the paper's own few lines learn them, and every text comes back."""

import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.data.subwords import SubwordVocabulary, learn_subwords
from pellucid.errors import DataError

WORDS = Counter({" low": 5, " lower": 2, " newest": 6, " widest": 3})
"""The example of Sennrich et al. (2016), with the space before each word instead of an end."""

TEXTS = [word * times for word, times in WORDS.items()]


def by_counting_anew(words, room):
    """Byte-pair encoding as in the paper's algorithm 1: every pair is counted after every join."""
    parts = {tuple(word): times for word, times in words.items()}
    pieces = []
    while len(pieces) < room:
        pairs = Counter()
        for word, times in parts.items():
            for pair in itertools.pairwise(word):
                pairs[pair] += times
        frequent = [pair for pair, times in pairs.items() if times > 1]
        if not frequent:
            break
        best = min(frequent, key=lambda pair: (-pairs[pair], pair))
        joined = Counter()
        for word, times in parts.items():
            joined[rejoined(word, best)] += times
        parts = joined
        if "".join(best) not in pieces:
            pieces.append("".join(best))
    return pieces


def rejoined(word, pair):
    made, place = [], 0
    while place < len(word):
        if word[place : place + 2] == pair:
            made.append("".join(pair))
            place += 2
        else:
            made.append(word[place])
            place += 1
    return tuple(made)


def test_the_example_of_the_paper():
    vocabulary = learn_subwords(TEXTS, 40)
    characters = sorted(set("".join(TEXTS)))
    assert vocabulary.tokens[: 2 + len(characters)] == ("", "[UNK]", *characters)
    joins = vocabulary.tokens[2 + len(characters) :]
    assert joins[:2] == ("es", "est")
    assert list(joins) == by_counting_anew(WORDS, 100)
    assert [vocabulary.tokens[one] for one in vocabulary.encode(" lowest")] == [" low", "est"]


@given(st.lists(st.text("ab", min_size=1, max_size=9), min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_pairs_kept_up_to_date_are_those_counted_anew(words):
    texts = [f" {word}" for word in words]
    learned = learn_subwords(texts, 30)
    characters = len(set("".join(texts)))
    expected = by_counting_anew(Counter(texts), 28 - characters)
    assert list(learned.pieces[characters:]) == expected


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_every_text_of_known_characters_comes_back(text):
    vocabulary = learn_subwords([text, "x y."], 400)
    assert vocabulary.decode(vocabulary.encode(text)) == text


def test_unknown_characters_are_one_number():
    vocabulary = learn_subwords(["abc abc"], 12)
    assert vocabulary.encode("ö") == [1]
    assert vocabulary.decode(vocabulary.encode("abcö abc")) == "abc\ufffd abc"


def test_rare_characters_leave_room_for_pieces():
    alphabet = "".join(chr(0x4E00 + place) for place in range(50))
    vocabulary = learn_subwords([alphabet, "aab" * 9], 22)
    assert len(vocabulary) <= 22
    assert len([one for one in vocabulary.pieces if len(one) == 1]) == 10
    assert "aa" in vocabulary.pieces
    assert vocabulary.encode(alphabet[-1]) == [1]


def test_special_pieces_are_no_part_of_texts():
    vocabulary = learn_subwords(["[END] [END] [END]"], 30, ("", "[UNK]", "[START]", "[END]"))
    assert vocabulary.numbers["[END]"] == 3
    numbers = vocabulary.encode("[END]")
    assert 3 not in numbers
    assert vocabulary.decode([2, *numbers, 3, 0]) == "[END]"


def test_a_run_without_spaces_is_cut_before_it_takes_hours():
    vocabulary = learn_subwords(["ab" * 40], 9)
    assert vocabulary.decode(vocabulary.encode("ab" * 100_000)) == "ab" * 100_000


MESSAGES = [
    (
        lambda: learn_subwords([""], 3),
        "2 problems:\n"
        "  1. learn_subwords(texts=...): got no text, expected at least one character.\n"
        "  2. learn_subwords(size=...): got 3, expected at least 4: special pieces and two more.",
    ),
    (
        lambda: SubwordVocabulary(("a", "a", "")),
        "2 problems:\n  1. pieces: got 'a' twice, expected each piece once.\n"
        "  2. pieces: got an empty one, expected text.",
    ),
    (
        lambda: SubwordVocabulary(("a",)).decode([7]),
        "decode: got 7, expected numbers from 0 to 2.",
    ),
]


@pytest.mark.parametrize(("call", "message"), MESSAGES, ids=["learn", "pieces", "decode"])
def test_the_literal_message(call, message):
    with pytest.raises(DataError) as caught:
        call()
    assert str(caught.value) == message
