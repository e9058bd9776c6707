"""The folder of questionnaires and its lock: what is found, and what a published version can't do any more."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assessment import errors
from assessment.errors import Message, Problem, QuestionnaireError
from assessment.questionnaire.catalogue import catalogue_of
from assessment.questionnaire.folder import load_catalogue, write_lock
from assessment.questionnaire.lock import LOCK_NAME, content_hash
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.numbering import version_key
from assessment.responses import shown_questions
from assessment.scoring.plan import plan_for
from tests.questionnaire.builders import dimension, put, question, questionnaire

PLACE = "example/1.0.0/questionnaire.yaml"


def draft(**fields: Any) -> dict[str, Any]:
    return questionnaire(status="draft", **fields)


def published(**fields: Any) -> dict[str, Any]:
    return questionnaire(status="published", **fields)


def hash_of(data: dict[str, Any]) -> str:
    return content_hash(Questionnaire.model_validate(data))


def short(data: dict[str, Any]) -> str:
    return f"{hash_of(data)[:19]}…"


def lock(folder: Path, *lines: str) -> None:
    (folder / LOCK_NAME).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def locked(data: dict[str, Any]) -> str:
    return f"{data['id']}@{data['version']} {hash_of(data)}"


def refused(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(folder)
    return refusal.value.problems


def only(message: Message, source: str, line: int = 0, /, **values: object) -> tuple[Problem, ...]:
    return (message.at(source, line, **values),)


def test_the_hash_of_a_questionnaire_is_for_ever() -> None:
    """A program of any later version must find the same: every lock and every closed round holds such hashes."""
    pinned = "sha256:c0231e7ff31dc8ac286dcb555c480bf8d4270eba5e6b56d43aba4e89a3fbd7bd"
    assert hash_of(draft()) == pinned
    assert hash_of(draft(title="Données", summary="–")) != pinned


def test_a_title_is_part_of_what_a_version_means_and_its_prompt_names_a_question_without_one() -> None:
    titled = draft(dimensions=[dimension("direction", question(title="Sponsor"))])
    assert hash_of(titled) != hash_of(draft())
    named = [Questionnaire.model_validate(data).questions["sponsor"].name for data in (titled, draft())]
    assert named == ["Sponsor", "Who is the sponsor?"]


# What there is ------------------------------------------------------------------------------------------


def test_a_draft_needs_no_lock(tmp_path: Path) -> None:
    put(tmp_path, draft())
    assert list(load_catalogue(tmp_path).questionnaires) == ["example@1.0.0"]


def test_a_folder_without_questionnaires_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == only(errors.FOLDER_MISSING, str(tmp_path))
    assert refused(tmp_path / "absent") == only(errors.FOLDER_MISSING, str(tmp_path / "absent"))


@pytest.mark.parametrize("place", ["example/1.0.1", "another/1.0.0", "example/1.0"])
def test_a_file_in_a_folder_of_another_name_is_refused(tmp_path: Path, place: str) -> None:
    put(tmp_path, draft(), place)
    folder = place.replace("/", "@")
    assert refused(tmp_path) == only(
        errors.FOLDER_MISMATCH, f"{place}/questionnaire.yaml", 1, found="example@1.0.0", folder=folder
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / PLACE).mkdir(parents=True)
    assert refused(tmp_path) == only(errors.FILE_UNREADABLE, PLACE, reason="Is a directory")


def test_the_problems_of_all_files_come_together(tmp_path: Path) -> None:
    put(tmp_path, draft(titel="x"))
    put(tmp_path, draft(version="1.1.0", language="english"))
    put(tmp_path, published(version="1.2.0"))
    assert [(problem.source, problem.code) for problem in refused(tmp_path)] == [
        (PLACE, errors.KEY_UNKNOWN.code),
        ("example/1.1.0/questionnaire.yaml", errors.VALUE_INVALID.code),
        ("example/1.2.0/questionnaire.yaml", errors.LOCK_MISSING.code),
    ]


def test_other_files_beside_the_questionnaires_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, draft())
    (tmp_path / "example" / "CHANGELOG.md").write_text("# Changes")
    (tmp_path / "example" / "crosswalks").mkdir()
    assert load_catalogue(tmp_path).ids() == ("example",)


# Versions -------------------------------------------------------------------------------------------------


def test_versions_are_ordered_as_numbers() -> None:
    assert version_key("1.10.0") > version_key("1.9.0")
    assert version_key("2.0.0") > version_key("1.99.99")
    versions = ["1.10.0", "1.9.0", "0.2.0", "1.9.10", "1.9.9"]
    catalogue = catalogue_of(Questionnaire.model_validate(draft(version=version)) for version in versions)
    assert catalogue.versions("example") == ("0.2.0", "1.9.0", "1.9.9", "1.9.10", "1.10.0")
    assert catalogue.versions("another") == ()


def test_the_newest_published_version_counts_not_a_newer_draft_or_a_retired_one() -> None:
    versions = {"1.9.0": "published", "1.10.0": "published", "1.11.0": "retired", "2.0.0": "draft"}
    catalogue = catalogue_of(
        Questionnaire.model_validate(questionnaire(version=version, status=status))
        for version, status in versions.items()
    )
    assert [entry.version for entry in catalogue.latest_published()] == ["1.10.0"]


@pytest.mark.parametrize(
    ("identifier", "version", "near"),
    [
        ("exampel", "1.0.0", " Did you mean 'example@1.0.0'?"),
        ("example", "1.0.1", " Did you mean 'example@1.0.0'?"),
        ("ownership", "3.0.0", ""),
    ],
)
def test_an_unknown_reference_suggests_a_near_miss(identifier: str, version: str, near: str) -> None:
    catalogue = catalogue_of([Questionnaire.model_validate(draft())])
    with pytest.raises(QuestionnaireError) as refusal:
        catalogue.get(identifier, version)
    assert refusal.value.problems == only(
        errors.VERSION_UNKNOWN, "catalogue",
        reference=f"{identifier}@{version}", suggestion=near, known="example@1.0.0",
    )  # fmt: skip


# The lock -------------------------------------------------------------------------------------------------


def test_a_published_file_that_is_locked_loads(tmp_path: Path) -> None:
    put(tmp_path, published())
    lock(tmp_path, locked(published()))
    assert [entry.reference for entry in load_catalogue(tmp_path).latest_published()] == ["example@1.0.0"]


@pytest.mark.parametrize("status", ["published", "retired"])
def test_a_published_or_retired_file_without_a_lock_is_refused(tmp_path: Path, status: str) -> None:
    put(tmp_path, questionnaire(status=status))
    assert refused(tmp_path) == only(errors.LOCK_MISSING, PLACE, reference="example@1.0.0", lock=LOCK_NAME)


@pytest.mark.parametrize("status", ["published", "retired", "draft"])
def test_a_locked_file_that_has_changed_is_refused_with_both_hashes(tmp_path: Path, status: str) -> None:
    was, is_now = published(), questionnaire(status=status, title="A better title")
    put(tmp_path, is_now)
    lock(tmp_path, locked(was))
    assert short(was) != short(is_now)
    assert refused(tmp_path) == only(
        errors.LOCK_MISMATCH,
        PLACE,
        reference="example@1.0.0",
        found=short(is_now),
        locked=short(was),
        changes="",
    )


def test_a_version_can_be_retired_without_changing_its_lock(tmp_path: Path) -> None:
    put(tmp_path, questionnaire(status="retired", published_on="2026-12-01"))
    lock(tmp_path, locked(published()))
    assert len(load_catalogue(tmp_path).questionnaires) == 1


def test_a_locked_version_whose_file_is_gone_is_missed(tmp_path: Path) -> None:
    put(tmp_path, draft(version="2.0.0"))
    lock(tmp_path, locked(published()))
    assert refused(tmp_path) == only(errors.LOCK_ORPHAN, LOCK_NAME, reference="example@1.0.0")


def test_a_locked_version_whose_file_is_broken_is_not_missed_too(tmp_path: Path) -> None:
    put(tmp_path, published(titel="x"))
    lock(tmp_path, locked(published()))
    assert [problem.code for problem in refused(tmp_path)] == [errors.KEY_UNKNOWN.code]


@pytest.mark.parametrize(
    "line", ["example@1.0.0", "example 1.0.0 sha256:ab", "example@1.0.0 md5:ab", "<<<<<<< HEAD", ""]
)
def test_a_line_of_the_lock_that_says_nothing_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    put(tmp_path, published())
    lock(tmp_path, locked(published()), line)
    assert refused(tmp_path) == only(errors.LOCK_LINE, LOCK_NAME, 2, line=line)


def test_a_lock_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, draft())
    (tmp_path / LOCK_NAME).write_bytes(b"\xff\xfe\n")
    assert refused(tmp_path) == only(errors.LOCK_LINE, LOCK_NAME, 1, line="\ufffd\ufffd")


def test_a_lock_with_windows_line_ends_is_as_good(tmp_path: Path) -> None:
    put(tmp_path, published())
    (tmp_path / LOCK_NAME).write_bytes(f"{locked(published())}\r\n".encode())
    assert load_catalogue(tmp_path).ids() == ("example",)


def test_locking_adds_what_is_published_and_leaves_drafts_out(tmp_path: Path) -> None:
    put(tmp_path, published())
    put(tmp_path, questionnaire(version="0.9.0", status="retired"))
    put(tmp_path, draft(version="1.1.0"))
    assert write_lock(tmp_path) == ["example@0.9.0", "example@1.0.0"]
    assert load_catalogue(tmp_path).versions("example") == ("0.9.0", "1.0.0", "1.1.0")
    assert write_lock(tmp_path) == []
    assert (tmp_path / LOCK_NAME).read_text().splitlines() == [
        locked(questionnaire(version="0.9.0")), locked(published()),
    ]  # fmt: skip


def test_locking_never_renews_a_lock(tmp_path: Path) -> None:
    put(tmp_path, published())
    write_lock(tmp_path)
    before = (tmp_path / LOCK_NAME).read_bytes()
    put(tmp_path, published(title="A better title"))
    put(tmp_path, published(version="1.1.0"))
    with pytest.raises(QuestionnaireError) as refusal:
        write_lock(tmp_path)
    assert [problem.code for problem in refusal.value.problems] == [errors.LOCK_MISMATCH.code]
    assert (tmp_path / LOCK_NAME).read_bytes() == before


def test_locking_keeps_the_lines_of_versions_that_are_gone(tmp_path: Path) -> None:
    lock(tmp_path, locked(published(version="0.1.0")))
    put(tmp_path, published())
    assert write_lock(tmp_path) == ["example@1.0.0"]
    assert (tmp_path / LOCK_NAME).read_text().startswith(locked(published(version="0.1.0")))


@pytest.mark.parametrize("spoil", ["file", "folder", "lock"])
def test_nothing_is_locked_while_anything_is_wrong(tmp_path: Path, spoil: str) -> None:
    put(tmp_path, published())
    if spoil == "lock":
        lock(tmp_path, "?")
    else:
        put(tmp_path, draft(version="2.0.0", **({"titel": "x"} if spoil == "file" else {})), "example/2.0.1")
    with pytest.raises(QuestionnaireError):
        write_lock(tmp_path)
    assert not (tmp_path / LOCK_NAME).exists() or (tmp_path / LOCK_NAME).read_text() == "?\n"


def test_the_defaults_that_published_versions_mean_stay_as_they_are():
    # The hash leaves defaults out: changing one would change the meaning of every locked version unnoticed.
    from assessment.questionnaire.models import Dimension, Gate, Question, Questionnaire, Scoring, Vignette

    defaults = {
        model.__name__: {
            name: field.default for name, field in model.model_fields.items() if not field.is_required()
        }
        for model in (Scoring, Gate, Question, Dimension, Vignette, Questionnaire)
    }
    assert defaults == {
        "Scoring": {"aggregate": "mean", "minimum_coverage": 2 / 3, "dont_know": "minimum", "unanswered": "exclude", "availability": "keep", "minimum_availability": 2 / 3},
        "Gate": {"hard": False},
        "Question": {
            "title": None, "help": None, "evidence": None, "weight": 1.0, "core": False, "phase": "both", "gate": None,
            "effort": 2, "requires": (), "maps_to": (), "show_when": None,
        },
        "Dimension": {
            "summary": None, "weight": 1.0, "aggregate": None, "questions": (), "dimensions": (),
        },
        "Questionnaire": {
            "language": "en", "status": "draft", "published_on": None, "summary": None, "scoring": Scoring(),
            "vignettes": (),
        },
        "Vignette": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "example/1.0.0/questionnaire.yml",
        "example/1.0.0/lang/fr.yml",
        "fact.yaml",
        "x.yaml",
        "verdicts/1.0.0.yml",
    ],
)
def test_a_yaml_file_that_nothing_reads_is_named(tmp_path: Path, name: str) -> None:
    put(tmp_path, draft())
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("id: x", encoding="utf-8")
    assert refused(tmp_path) == only(errors.FILE_PASSED_OVER, name)


def test_a_lock_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    put(tmp_path, draft())
    (tmp_path / LOCK_NAME).mkdir()
    assert refused(tmp_path) == only(errors.FILE_UNREADABLE, LOCK_NAME, reason="Is a directory")


def test_a_chain_of_two_thousand_conditions_is_followed_to_its_end() -> None:
    names = [f"q{number}" for number in range(2_000)]
    asked = [question(names[0])]
    asked += [
        question(name, show_when={"question": before, "at_least": 2}) for before, name in pairwise(names)
    ]
    made = Questionnaire.model_validate(questionnaire(dimension("d", *asked)))
    plan = plan_for(made, "country")
    assert plan is not None
    assert [column for column, _, _ in plan.conditions] == list(range(1, 2_000)), "deciders first"
    assert [shown.id for shown in shown_questions(made, "country", {names[0]: 2.0})] == names[:2]
