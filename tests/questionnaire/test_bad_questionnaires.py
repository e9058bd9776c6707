"""Every mistake that an author can make, as a small file that somebody who knows the field can read.

`bad/<mistake>.yaml` begins with one line `# expect: <line> <code>` for every problem that must be reported: these and no
others, so that one mistake is not told twice in other words.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessment import errors
from assessment.errors import Message, Problem, QuestionnaireError
from assessment.questionnaire.loading import load_questionnaire

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
MESSAGES = {value.code: value for value in vars(errors).values() if isinstance(value, Message)}
#: Codes of whole files that are too large to keep, or that can't be read at all.
ELSEWHERE = {
    errors.FILE_UNREADABLE: "test_catalogue.py",
    errors.FILE_TOO_LARGE: "test_hostile_yaml.py",
    errors.YAML_TOO_MANY: "test_hostile_yaml.py",
    errors.QUESTION_UNKNOWN: "test_companions.py",
    errors.FACT_UNKNOWN: "test_verdicts.py",
    errors.BAND_UNKNOWN: "test_verdicts.py",
    errors.GATES_UNKNOWN: "test_verdicts.py",
    errors.PARTS_DISAGREE: "test_verdicts.py",
}
_EXPECT = re.compile(rb"^# expect: (\d+) (Q\d{3})\s*$", re.MULTILINE)


def expected(file: Path) -> list[tuple[int, str]]:
    return sorted((int(line), code.decode()) for line, code in _EXPECT.findall(file.read_bytes()))


def problems(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireError) as refused:
        load_questionnaire(file.read_bytes(), file.name)
    return refused.value.problems


def is_formatted_from(message: Message, text: str) -> bool:
    """Whether the text is the message's template with its places filled in."""
    words = [re.escape(part) for part in re.split(r"\{\w+\}", message.template)]
    return re.fullmatch(".*".join(words), text, re.DOTALL) is not None


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_exactly_the_expected_problems_are_reported_each_at_its_line(file: Path) -> None:
    assert sorted((problem.line, problem.code) for problem in problems(file)) == expected(file)


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_every_problem_names_the_file_and_speaks_in_the_words_of_its_message(file: Path) -> None:
    for problem in problems(file):
        assert str(problem).startswith(f"{file.name}:{problem.line}: {problem.code}: ")
        assert is_formatted_from(MESSAGES[problem.code], problem.text), problem


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_no_message_shows_words_of_the_program(file: Path) -> None:
    for problem in problems(file):
        words = r"\b(tuple|dict|str|int|float|bool|NoneType|None|pydantic|loc|ctx|BaseModel)\b"
        assert not re.search(words, problem.text), problem


def test_every_message_about_a_questionnaire_file_has_a_mistake_that_shows_it() -> None:
    shown = {code for file in BAD for _, code in expected(file)}
    wanted = {code for code in MESSAGES if code.startswith(("Q1", "Q2", "Q3"))}
    assert wanted - {message.code for message in ELSEWHERE} == shown


def test_no_two_messages_share_a_code() -> None:
    codes = [value.code for value in vars(errors).values() if isinstance(value, Message)]
    assert len(codes) == len(set(codes))


def test_every_bad_file_expects_something() -> None:
    assert [file.name for file in BAD if not expected(file)] == []


def test_twenty_different_mistakes_are_reported_with_file_and_line_in_one_go() -> None:
    file = Path(__file__).parent / "bad" / "twenty-mistakes.yaml"
    found = problems(file)
    assert len(found) == 20
    assert len({problem.code for problem in found}) == 20
    assert len({problem.line for problem in found}) == 20
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    message = str(QuestionnaireError(found)).splitlines()
    assert [line.split(" ")[0] for line in message] == [f"{file.name}:{problem.line}:" for problem in found]
