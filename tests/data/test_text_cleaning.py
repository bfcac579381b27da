"""What is cleaned, what is left, and what is said of it."""

import pytest

from pellucid.data.text_cleaning import clean_texts

CASES = [
    ("It#39;s 3 &lt; 4 &amp; more", "It's 3 < 4 & more"),
    ("costs  #36;10 million", "costs $10 million"),
    ("a second\\team of \\\\rockets", "a second team of rockets"),
    ("&lt;b&gt;Bold&lt;/b&gt; <br/>and <A HREF='x'>link</A>", "Bold and link"),
    ("a\u0085b\u00a0c\td\r\ne", "a b c d e"),
    ("bell\x07 and \ufeffmark", "bell and mark"),
    ("e\u0301te\u0301", "\u00e9t\u00e9"),
    ("5 < 6 and 7 > 3; R&D; AT&T; #1 hit; a<b", "5 < 6 and 7 > 3; R&D; AT&T; #1 hit; a<b"),
    ("Plain \u4e2d\u6587 text, \U0001f600.", "Plain \u4e2d\u6587 text, \U0001f600."),
]


@pytest.mark.parametrize(("dirty", "clean"), CASES)
def test_a_text_reads_as_a_reader_sees_it(dirty, clean):
    assert clean_texts([dirty]).texts == [clean]
    assert clean_texts([clean]).texts == [clean]


def test_the_note_says_how_much_and_shows_an_example():
    cleaned = clean_texts(["It#39;s", "He said &quot;no&quot;\\again", "plain"])
    assert cleaned.counts == {"HTML entities": 2, "backslashes": 1}
    assert cleaned.note() == (
        "Cleaned: HTML entities in 2 texts, backslashes in 1 text, such as 'It#39;s' to \"It's\"; "
        "clean=False leaves them."
    )
    assert clean_texts(["plain", "as it is"]).note() is None
