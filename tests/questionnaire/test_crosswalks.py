"""A crosswalk says what became of every question, and isn't believed against the versions themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assessment import errors
from assessment.errors import Message, QuestionnaireError
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.crosswalks import Crosswalk, Relation, load_crosswalk, still_asked
from assessment.questionnaire.folder import load_unlocked
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.publication import confirmed
from tests.questionnaire.builders import LEVELS, as_yaml, dimension, put, question, questionnaire


def load(data: dict[str, Any]) -> Questionnaire:
    return load_questionnaire(as_yaml(data), "q.yaml")


BEFORE_DATA = questionnaire(
    dimension(
        "direction", question("sponsor"), question("budget"), question("people"), question("tools"),
        question("rules"), question("law"),
    )
)  # fmt: skip
#: `budget` asks in other words, `people` has other levels, `tools` became two, `rules` and `law` one, `climate` is new.
AFTER_DATA = questionnaire(
    dimension(
        "direction", question("sponsor"), question("budget", prompt="Who holds the budget?"),
        question("people", levels={**LEVELS, "2": "Two are named."}), question("tools-bought"),
        question("tools-built"), question("duties"), question("climate"),
    ),
    version="2.0.0",
)  # fmt: skip
BEFORE, AFTER = load(BEFORE_DATA), load(AFTER_DATA)
VERSIONS = {version.reference: version for version in (BEFORE, AFTER)}
GOOD = """\
questionnaire: example
from: 1.0.0
to: 2.0.0
all_others: same
questions:
  - {question: budget, relation: clarified, reason: The same in plainer words.}
  - question: people
    relation: re-levelled
    reason: Level 2 asks for two people now.
    options: {1: 1, 2: 1, 3: 3}
  - {question: tools, relation: split, into: [tools-bought, tools-built], reason: They differ.}
  - {question: duties, relation: merged, of: [rules, law], reason: One duty either way.}
  - {question: climate, relation: new, reason: The law of 2027 asks for it.}
"""


def read(text: str = GOOD, versions: dict[str, Questionnaire] | None = VERSIONS) -> Crosswalk:
    return load_crosswalk(text.encode(), "c.yaml", versions)


def faults(text: str) -> list[tuple[str, int]]:
    with pytest.raises(QuestionnaireError) as refused:
        read(text)
    return [(problem.code, problem.line) for problem in refused.value.problems]


def but(*changes: tuple[str, str]) -> str:
    text = GOOD
    for was, is_now in changes:
        assert was in text
        text = text.replace(was, is_now)
    return text


def test_every_question_has_its_link_and_each_link_its_ends() -> None:
    links = {link.question: link for link in read().links(BEFORE)}
    assert {name: link.relation for name, link in links.items()} == {
        "sponsor": Relation.SAME, "budget": Relation.CLARIFIED, "people": Relation.RE_LEVELLED,
        "tools": Relation.SPLIT, "duties": Relation.MERGED, "climate": Relation.NEW,
    }  # fmt: skip
    assert [links["tools"].earlier, links["tools"].later] == [("tools",), ("tools-bought", "tools-built")]
    assert [links["duties"].earlier, links["duties"].later] == [("rules", "law"), ("duties",)]
    assert [links["climate"].earlier, links["climate"].later] == [(), ("climate",)]


def test_an_option_leads_where_the_map_says_and_else_to_itself() -> None:
    links = {link.question: link for link in read().links(BEFORE)}
    assert [links["people"].option(level) for level in "123"] == ["1", "1", "3"]
    assert [links["tools"].option(level) for level in "123"] == ["1", "2", "3"]
    to_nowhere = read(but(("{1: 1, 2: 1, 3: 3}", "{1: 1, 2: null, 3: 3}")))
    assert next(link for link in to_nowhere.questions if link.question == "people").option("2") is None


@pytest.mark.parametrize(
    ("was", "is_now", "message", "line"),
    [
        ("question: budget", "question: bugdet", errors.CROSSWALK_NAME, 6),
        ("of: [rules, law]", "of: [rules, laws]", errors.CROSSWALK_NAME, 12),
        ("to: 2.0.0", "to: 2.0.1", errors.VERSION_UNKNOWN, 1),
        ("from: 1.0.0\nto: 2.0.0", "from: 2.0.0\nto: 1.0.0", errors.CROSSWALK_BACKWARDS, 1),
        ("to: 2.0.0", "to: 1.0.0", errors.CROSSWALK_BACKWARDS, 1),
        ("all_others: same\n", "", errors.CROSSWALK_MISSING, 1),
        ("all_others: same", "all_others: new", errors.CROSSWALK_OTHERS, 1),
        ("  - {question: climate, relation: new, reason: The law of 2027 asks for it.}\n", "", errors.CROSSWALK_MISSING, 1),
        ("into: [tools-bought, tools-built]", "into: [tools-bought]", errors.CROSSWALK_PARTS, 11),
        ("relation: new", "relation: same", errors.CROSSWALK_NAME, 13),
        ("relation: clarified", "relation: same", errors.CROSSWALK_CONTRADICTED, 6),
        ("relation: re-levelled", "relation: same", errors.CROSSWALK_CONTRADICTED, 7),
        ("{1: 1, 2: 1, 3: 3}", "{1: 1, 2: 1, 4: 3}", errors.CROSSWALK_OPTION, 7),
        ("{1: 1, 2: 1, 3: 3}", "{1: 1, 2: 9, 3: 3}", errors.CROSSWALK_OPTION, 7),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_versions_is_refused_at_its_line(
    was: str, is_now: str, message: Message, line: int
) -> None:
    assert (message.code, line) in faults(but((was, is_now)))


def test_a_question_that_is_told_of_twice_is_told() -> None:
    twice = GOOD + "  - {question: sponsor, relation: retired, reason: Nobody asks.}\n"
    assert faults(twice + "  - {question: sponsor, relation: same, reason: It is asked.}\n")
    also = GOOD + "  - {question: law, relation: retired, reason: Nobody asks.}\n"
    assert (errors.CROSSWALK_TWICE.code, 14) in faults(also)


def test_an_option_that_is_no_longer_there_has_to_lead_somewhere() -> None:
    fewer = load(
        questionnaire(
            dimension("direction", question("sponsor", options=[{"id": "1", "label": "No", "value": 1}, {"id": "3", "label": "Yes", "value": 3}])),
            version="2.0.0",
        )
    )  # fmt: skip
    first = load(questionnaire(dimension("direction", question("sponsor"))))
    versions = {version.reference: version for version in (first, fewer)}
    text = "questionnaire: example\nfrom: 1.0.0\nto: 2.0.0\nquestions:\n  - {question: sponsor, relation: re-levelled, reason: Fewer.}\n"
    with pytest.raises(QuestionnaireError) as refused:
        load_crosswalk(text.encode(), "c.yaml", versions)
    assert [problem.code for problem in refused.value.problems] == [errors.CROSSWALK_OPTION.code]
    load_crosswalk(text.replace("Fewer.}", "Fewer., options: {2: 1}}").encode(), "c.yaml", versions)


def test_without_the_versions_its_shape_alone_is_looked_at() -> None:
    read(but(("question: budget", "question: bugdet")), None)
    with pytest.raises(QuestionnaireError):
        read(but(("relation: split", "relation: torn")), None)
    with pytest.raises(QuestionnaireError):
        read(but((", reason: They differ.", "")), None)


def chain() -> Catalogue:
    versions = [load(questionnaire(dimension("d", question("a"), question("b"), question("c")), version=v)) for v in ("1.0.0", "1.1.0", "2.0.0")]  # fmt: skip
    steps = [walk("1.0.0", "1.1.0", "b"), walk("1.1.0", "2.0.0", "c")]
    made = catalogue_of(versions)
    return Catalogue(made.questionnaires, crosswalks=tuple(steps))


def walk(before: str, after: str, clarified: str) -> Crosswalk:
    link: dict[str, Any] = {"question": clarified, "relation": "clarified", "reason": "Plainer."}
    return Crosswalk.model_validate(
        {"questionnaire": "example", "from": before, "to": after, "all_others": "same", "questions": [link]}
    )


def test_crosswalks_are_walked_one_after_the_other() -> None:
    catalogue = chain()
    first, second, third = catalogue.questionnaires.values()
    assert [step.reference for step in catalogue.crosswalk(first, third)] == [
        "example@1.0.0→1.1.0", "example@1.1.0→2.0.0",
    ]  # fmt: skip
    assert catalogue.crosswalk(third, first) == ()
    assert catalogue.crosswalk(first, first) == ()
    assert confirmed(catalogue, first, third) == {"b", "c"}
    assert confirmed(catalogue, second, third) == {"c"}
    assert still_asked(catalogue.crosswalk(first, third), catalogue.get) == {"a", "b", "c"}


def test_a_way_at_once_is_taken_before_a_way_through_others() -> None:
    catalogue = chain()
    straight = walk("1.0.0", "2.0.0", "a")
    first, _, third = catalogue.questionnaires.values()
    both = Catalogue(catalogue.questionnaires, crosswalks=(*catalogue.crosswalks, straight))
    assert both.crosswalk(first, third) == (straight,)


def test_what_is_split_merged_or_re_levelled_does_not_ask_the_same() -> None:
    def version(_: str, number: str) -> Questionnaire:
        return VERSIONS[f"example@{number}"]

    assert still_asked([read()], version) == {"sponsor", "budget"}
    assert still_asked([], version) == frozenset()


def test_a_folder_has_its_crosswalks_in_their_places(tmp_path: Path) -> None:
    for data in (BEFORE_DATA, AFTER_DATA):
        put(tmp_path, data)
    place = tmp_path / "crosswalks" / "example"
    place.mkdir(parents=True)
    (place / "1.0.0--2.0.0.yaml").write_text(GOOD, encoding="utf-8")
    (step,) = load_unlocked(tmp_path).crosswalks
    assert step == read()
    (place / "1.0.0--2.0.0.yaml").rename(place / "1.0.0-2.0.0.yaml")
    with pytest.raises(QuestionnaireError) as refused:
        load_unlocked(tmp_path)
    assert [problem.code for problem in refused.value.problems] == [errors.CROSSWALK_PLACE.code]
    (tmp_path / "crosswalks" / "stray.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(QuestionnaireError) as refused:
        load_unlocked(tmp_path)
    assert errors.FILE_PASSED_OVER.code in [problem.code for problem in refused.value.problems]
