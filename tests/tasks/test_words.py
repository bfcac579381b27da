"""Words as numbers and back, and what stands for a word in another language."""

from pellucid.tasks.dictionary import learn_dictionary
from pellucid.tasks.word_vocabulary import learn_words, lowered, sentence_of, words_of

SENTENCES = ["Tom dort.", "Je vois Tom.", "Je dors, Tom dort."]


def test_spaces_of_every_width_part_words():
    assert words_of("J’ai faim\u202f! Dit-elle\xa0:") == [
        "J'", "ai", "faim", "!", "Dit", "-", "elle", ":",
    ]  # fmt: skip
    assert sentence_of(words_of("J'ai dit-il.")) == "J'ai dit-il ."


def test_words_are_written_as_in_the_middle_of_sentences():
    vocabulary = learn_words(SENTENCES, least=2)
    assert vocabulary.words == (".", "dort", "je", "Tom")
    numbers = vocabulary.encode("TOM vois je.")
    assert numbers == [7, 3, 6, 4]
    assert vocabulary.decode(numbers) == ["Tom", "⁇", "je", "."]


def test_rare_words_are_unknown():
    assert set(learn_words(SENTENCES, least=3).words) == {".", "Tom"}
    assert lowered("TOM Dort") == ["tom", "dort"]


def test_a_dictionary_tells_words_apart_that_always_come_together():
    # Word by word: 1 is 11, 2 is 12, 3 is 13; 4 is never read.
    read = [[1, 2], [2, 3], [1, 3], [1, 2, 3], [2]]
    said = [[12, 11], [12, 13], [11, 13], [13, 11, 12], [12]]
    assert learn_dictionary(read, said, 5, 0) == (0, 11, 12, 13, 0)
    assert learn_dictionary([], [], 2, 7) == (7, 7)
