"""How a text reads: counted by hand, and laws that no text breaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.questionnaire.wording import (
    JARGON,
    VAGUE,
    VAGUE_PHRASES,
    asks_twice,
    jargon,
    likeness,
    reading_effort,
    sentences,
    starts_with_negation,
    vague_words,
    words,
)

any_text = st.text(max_size=80) | st.lists(
    st.sampled_from(["No", "data", "12", "1.5", "and", "who", "how", "regularly", "e.g.", "?", ": ", ". ", "-", "’", "\n"])
).map(" ".join)  # fmt: skip
plain_words = st.lists(st.sampled_from(["data", "owner", "paper", "table", "list"]), min_size=1, max_size=12)

# Words and sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("– … !", []),
        ("Who decides?", ["who", "decides"]),
        ("It doesn't, it doesn’t.", ["it", "doesn't", "it", "doesn’t"]),
        ("A well-kept list", ["a", "well-kept", "list"]),
        ("1.5 of 1,000 in 2026", ["1.5", "of", "1,000", "in", "2026"]),
        ("Qualité und Größe", ["qualité", "und", "größe"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_words_are_letters_and_numbers_in_lower_case(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One", ["One"]),
        ("One. Two! Three? Four: five; six", ["One", "Two", "Three", "Four", "five", "six"]),
        ("1.5 of 2:30 hours.", ["1.5 of 2:30 hours"]),
        ("One.\nTwo.", ["One", "Two"]),
    ],
)
def test_sentences_end_where_a_reader_breathes(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(any_text)
def test_no_word_is_lost_between_two_sentences(text: str) -> None:
    assert [word for part in sentences(text) for word in words(part)] == words(text)


# Reading effort ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "effort"),
    [
        ("", 0.0),
        ("…", 0.0),
        ("Who decides?", 2 / 1 + 100 * 1 / 2),
        ("The cat sat on the mat.", 6.0),
        ("Nobody decides. The owner of the list decides today.", 9 / 2 + 100 * 2 / 9),
        ("Letter has six, letters has seven letters.", 7 / 1 + 100 * 2 / 7),
    ],
)
def test_effort_is_words_a_sentence_plus_the_percentage_of_long_words(text: str, effort: float) -> None:
    assert reading_effort(text) == pytest.approx(effort)


@given(any_text)
def test_effort_is_never_below_nothing_and_nothing_only_without_words(text: str) -> None:
    effort = reading_effort(text)
    assert effort >= 0
    assert (effort == 0) is (not words(text))


@given(plain_words, st.integers(2, 4))
def test_saying_a_sentence_again_makes_it_no_harder(said: list[str], times: int) -> None:
    sentence = f"{' '.join(said)}. "
    assert reading_effort(sentence * times) == pytest.approx(reading_effort(sentence))


@given(plain_words, plain_words)
def test_a_full_stop_makes_two_halves_easier(first: list[str], second: list[str]) -> None:
    one, other = " ".join(first), " ".join(second)
    assert reading_effort(f"{one}. {other}.") < reading_effort(f"{one} {other}.")


# Likeness -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("Who decides?", "who DECIDES", 1),
        ("The owner of the list", "An owner in a list", 1),
        ("red apple", "green pear", 0),
        ("", "", 1),
        ("the of", "and", 1),
        ("", "owner", 0),
        ("A named owner keeps a list", "A named owner keeps a book", 3 / 5),
        ("Within 2 days", "Within 5 days", 2 / 4),
        ("It is allowed", "It is not allowed", 1 / 2),
    ],
)
def test_likeness_is_the_share_of_common_content_words(one: str, other: str, share: float) -> None:
    assert likeness(one, other) == pytest.approx(share)


@given(any_text, any_text)
def test_likeness_is_a_share_and_the_same_from_both_sides(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)


@given(any_text)
def test_a_text_is_all_like_itself_in_any_order_or_said_twice(text: str) -> None:
    assert likeness(text, text) == 1
    assert likeness(text, " ".join(reversed(words(text)))) == 1
    assert likeness(text, f"{text} {text}") == 1


@given(plain_words, plain_words)
def test_two_texts_are_all_like_each_other_only_with_the_same_words(one: list[str], other: list[str]) -> None:
    assert (likeness(" ".join(one), " ".join(other)) == 1) is (set(one) == set(other))
    assert (likeness(" ".join(one), " ".join(other)) == 0) is (not set(one) & set(other))


# Vague words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is checked regularly.", ["regularly"]),
        ("Regularly checked, sometimes mended.", ["regularly", "sometimes"]),
        ("It is checked regularly, every 3 months.", []),
        ("It is checked regularly. That takes 3 days.", ["regularly"]),
        ("That takes 3 days. It is checked regularly.", ["regularly"]),
        ("How consistently is it checked?", []),
        ("How often and how quickly is it mended?", []),
        ("How is it consistently checked?", ["consistently"]),
        ("Consistently checked", ["consistently"]),
        ("Every week it is checked.", []),
        ("Checked on a regular basis", ["regular", "on a regular basis"]),
        ("Best practice is followed.", ["best practice"]),
        ("A best-practice list", ["best-practice"]),
        ("Irregularly goodness", []),
        ("", []),
    ],
)
def test_a_vague_word_counts_unless_its_sentence_has_a_number_or_asks_for_it(
    text: str, expected: list[str]
) -> None:
    assert vague_words(text) == expected


@pytest.mark.parametrize("word", sorted(VAGUE))
def test_every_vague_word_is_found_in_capitals_too_and_settled_by_a_number(word: str) -> None:
    assert vague_words(f"They meet {word.upper()} there.") == [word]
    assert vague_words(f"They meet {word} there, 4 times.") == []


@pytest.mark.parametrize("phrase", VAGUE_PHRASES)
def test_every_vague_phrase_is_found(phrase: str) -> None:
    assert phrase in vague_words(f"They meet {phrase} there.")
    assert vague_words(f"They meet {phrase} there, 4 times.") == []


@given(plain_words, st.integers(0, 10_000))
def test_a_sentence_with_a_number_is_never_vague(said: list[str], number: int) -> None:
    assert vague_words(f"Regularly {' '.join(said)} {number} properly.") == []


@given(any_text, any_text)
def test_what_is_vague_in_one_sentence_stays_so_beside_another(one: str, other: str) -> None:
    assert vague_words(f"{one}. {other}") == vague_words(one) + vague_words(other)


# Words of specialists -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", JARGON)
def test_every_word_of_specialists_is_found_as_a_whole_word(word: str) -> None:
    assert jargon(f"Our {word.upper()} works.") == [word]
    assert jargon(f"Our x{word}x works.") == []


def test_the_words_of_everybody_are_no_jargon() -> None:
    assert jargon("Who meshes data with a mature paradigmatic owner?") == []


# Two questions in one -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prompt",
    [
        "Who decides? Who pays?",
        "Who decides and who pays?",
        "How many data sets have an owner, and who pays for them?",
        "Is there an owner or is there a deputy?",
        "Which teams own and/or use it?",
        "WHO decides AND WHEN?",
        "Who decides and\nwhy?",
    ],
)
def test_a_prompt_with_two_questions_asks_twice(prompt: str) -> None:
    assert asks_twice(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "Who decides?",
        "Who decides and pays?",
        "Name whoever decides.",
        "Where is it written what is common and what is local?",
        "Is it known who decides and who pays?",
        "How do owners and whoever uses their data meet?",
        "Is it red or blue?",
        "",
    ],
)
def test_parallel_clauses_and_lists_are_one_question(prompt: str) -> None:
    assert not asks_twice(prompt)


@given(any_text)
def test_a_second_question_mark_is_always_a_second_question(text: str) -> None:
    assert asks_twice(f"{text}? {text}?")


# Negations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "begins_so"),
    [
        ("No owner", True),
        ("NOBODY decides", True),
        ("“Never”, they say", True),
        ("Not yet", True),
        ("Notable owners", False),
        ("Owners do not exist", False),
        ("Know", False),
        ("", False),
    ],
)
def test_a_text_that_begins_by_saying_that_something_is_absent(text: str, begins_so: bool) -> None:
    assert starts_with_negation(text) is begins_so


@given(any_text)
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    assert isinstance(asks_twice(text), bool)
    assert isinstance(starts_with_negation(text), bool)
    assert set(jargon(text)) <= set(JARGON)


def test_the_second_of_two_clauses_counts_too() -> None:
    assert asks_twice("Where is it written what is common and what is local, and who decides?")


@pytest.mark.parametrize("sentence", ["No team has needed help.", "Help was needed."])
def test_needed_is_not_as_needed(sentence: str) -> None:
    assert vague_words(sentence) == []
