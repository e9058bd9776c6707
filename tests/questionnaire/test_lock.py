"""A published version never changes: a refusal says what was and what is, and what may change all the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessment import errors
from assessment.errors import Problem, QuestionnaireError
from assessment.questionnaire.folder import load_catalogue, load_unlocked, unlocked, write_lock
from assessment.questionnaire.lock import CHANGES_SHOWN, LOCK_NAME, Lockable, content_hash
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.verdicts import VerdictRules
from tests.questionnaire.builders import LEVELS, as_yaml, dimension, put, question, questionnaire

SHIPPED = Path(__file__).parents[2] / "questionnaires"
PLACE = "example/1.0.0/questionnaire.yaml"
COPY = "example/1.0.0/questionnaire.locked.json"
RULES = "verdicts/1.0.0.yaml"
FACTS = {"facts": [{"id": "law", "prompt": "Is there a law?", "unit_kinds": ["country"], "type": "yes_no"}]}

Change = Callable[[dict[str, Any]], object]


def published(*dimensions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return questionnaire(*dimensions, **{"status": "published", **fields})


def rules(**fields: Any) -> dict[str, Any]:
    """Small rules for verdicts about `sponsor`, the only question of the example."""
    advice = {"title": "A title", "what_follows": "Something."}
    stage = {"title": "A stage", "why": "Because.", "requirements": [{"question": "sponsor", "at_least": 3}]}
    named = {"id": "rest", **advice}
    return {
        "id": "verdicts", "version": "1.0.0", "title": "Rules", "status": "published", "summary": "Small ones.",
        "gates": {
            "why": "Because.", "scale": stage, "sustain": stage,
            "pilot": {"title": "A pilot", "why": "Because.", "waivable_floors": 2},
        },
        "operating_model": {
            "why": "Because.", "principles": [],
            "inputs": {"backing": {"title": "Backing", "questions": ["sponsor"]}},
            "classes": [{"id": "rest", "title": "All", "summary": "All.", "next_step": "None."}],
        },
        "sustainability": {
            "why": "Because.", "answers": [{"question": "sponsor", "weight": 1}], "mean_share": 0.5, "worst": 1,
            "bands": [{"id": "low", "title": "Low", "up_to": 30}, {"id": "high", "title": "High", "up_to": 100}],
        },
        "common_or_local": {
            "why": "Because.",
            "elements": {
                "common_share": 0.8, "common": advice, "common_with_local_part": advice, "local": advice,
                "contested": advice,
            },
            "levels": {
                "high_from": 3, "narrow_up_to": 1, "high_narrow": advice, "high_wide": advice, "low_narrow": advice,
                "low_wide": advice,
            },
        },
        "perception": {
            "why": "Because.", "minimum_domains": 3, "amber": 1, "red": 2, "agreement": 0.8, "dont_know_share": 0.2,
            "lead_claims": 3, "higher_lead": advice, "higher_domains": advice, "invisible": advice,
            "no_shared_view": advice,
        },
        "order": {
            "why": "Because.", "prerequisites": [{"question": "sponsor", "at_least": 3}],
            "co_evolving": {"phases": ["both"]}, "co_evolving_target": 3,
            "verdicts": [{"id": "law-first", **advice, "when": {"any": [{"fact": "law"}]}}, named],
        },
        **fields,
    }  # fmt: skip


def put_rules(folder: Path, data: dict[str, Any]) -> None:
    (folder / "verdicts").mkdir(exist_ok=True)
    (folder / "verdicts" / f"{data['version']}.yaml").write_bytes(as_yaml(data))
    (folder / "facts.yaml").write_bytes(as_yaml(FACTS))


def hash_of(data: dict[str, Any]) -> str:
    model = VerdictRules if data["id"] == "verdicts" else Questionnaire
    return content_hash(model.model_validate(data))


def refused(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(folder)
    return refusal.value.problems


def changed(was: dict[str, Any], becomes: dict[str, Any], *changes: str, source: str = PLACE) -> Problem:
    """The refusal of a locked version that has changed, with these lines about what."""
    return errors.LOCK_MISMATCH.at(
        source, 0, reference=f"{was['id']}@{was['version']}",
        found=f"{hash_of(becomes)[:19]}…", locked=f"{hash_of(was)[:19]}…",
        changes="".join(f"\n    {line}" for line in changes),
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One locked questionnaire and locked rules."""
    put(tmp_path, published())
    put_rules(tmp_path, rules())
    assert write_lock(tmp_path) == ["example@1.0.0", "verdicts@1.0.0"]
    load_catalogue(tmp_path)
    return tmp_path


# What changed ----------------------------------------------------------------------------------------------------


def test_a_changed_text_is_shown_as_it_was_and_as_it_is(folder: Path) -> None:
    now = published(title="A better title")
    put(folder, now)
    assert refused(folder) == (changed(published(), now, "title: was 'An example', is 'A better title'"),)


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (
            published(dimension("direction", question(prompt="Who pays?"))),
            "dimensions › direction › questions › sponsor › prompt: was 'Who is the sponsor?', is 'Who pays?'",
        ),
        (
            published(dimension("direction", question(weight=3))),
            "dimensions › direction › questions › sponsor › weight: was absent, is 3.0",
        ),
        (
            published(dimension("direction", question(levels={**LEVELS, "2": "Two are named."}))),
            "dimensions › direction › questions › sponsor › options › 2 › label: was 'One is named.', is 'Two are named.'",
        ),
        (
            published(dimension("direction", question(), question("budget"))),
            "dimensions › direction › questions › budget: was absent, is an entry 'budget'",
        ),
        (
            published(dimension("direction", question("budget"))),
            "dimensions › direction › questions › sponsor: was an entry 'sponsor', is absent",
        ),
        (published(summary="x" * 200), f"summary: was absent, is '{'x' * 88}…"),
        (published(scoring={"dont_know": "exclude"}), "scoring: was absent, is an entry with dont_know"),
        (published(language="fr"), "language: was absent, is 'fr'"),
    ],
)  # fmt: skip
def test_a_change_names_its_place_by_ids(folder: Path, now: dict[str, Any], change: str) -> None:
    put(folder, now)
    (problem,) = [found for found in refused(folder) if found.code == errors.LOCK_MISMATCH.code]
    assert (problem.source, problem.line) == (PLACE, 0)
    assert f"\n    {change}" in problem.text


def test_questions_that_changed_places_are_one_change(tmp_path: Path) -> None:
    was, now = (
        published(dimension("direction", *(question(name) for name in names))) for names in ("ab", "ba")
    )
    put(tmp_path, was)
    write_lock(tmp_path)
    put(tmp_path, now)
    assert refused(tmp_path) == (
        changed(was, now, "dimensions › direction › questions › order: was 'a, b', is 'b, a'"),
    )


def titled(count: int) -> dict[str, Any]:
    """The example with a title of its own for each of `count` dimensions out of eight."""
    names = [f"part-{number}" for number in range(8)]
    return published(
        *(
            dimension(name, question(f"asked-{name}"), **({"title": "New"} if number < count else {}))
            for number, name in enumerate(names)
        )
    )


@pytest.mark.parametrize(("count", "more"), [(1, 0), (5, 0), (6, 1), (8, 3)])
def test_at_most_five_changes_are_listed_and_how_many_more(tmp_path: Path, count: int, more: int) -> None:
    assert CHANGES_SHOWN == 5
    put(tmp_path, titled(0))
    write_lock(tmp_path)
    put(tmp_path, titled(count))
    lines = [f"dimensions › part-{n} › title: was 'About part-{n}', is 'New'" for n in range(min(count, 5))]
    rest = [f"… and {more} more"] if more else []
    assert refused(tmp_path) == (changed(titled(0), titled(count), *lines, *rest),)


def test_the_changes_of_several_versions_come_together(folder: Path) -> None:
    now, rules_now = published(title="New"), rules(title="New rules")
    put(folder, now)
    put_rules(folder, rules_now)
    assert refused(folder) == (
        changed(published(), now, "title: was 'An example', is 'New'"),
        changed(rules(), rules_now, "title: was 'Rules', is 'New rules'", source=RULES),
    )


# The copy only explains ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"null", b"[]", b'"text"', b"{}", b"\xff\xfe", b'{"id": "example"}', b"# a comment"],
    ids=["missing", "empty", "half", "null", "a list", "a text", "nothing", "not UTF-8", "another", "a comment"],
)  # fmt: skip
def test_without_a_copy_that_can_be_trusted_no_changes_are_shown_and_the_refusal_stays(
    folder: Path, content: bytes | None
) -> None:
    now = published(title="A better title")
    put(folder, now)
    if content is None:
        (folder / COPY).unlink()
    else:
        (folder / COPY).write_bytes(content)
    assert refused(folder) == (changed(published(), now),)


def test_a_copy_that_was_changed_along_with_the_file_excuses_nothing(folder: Path) -> None:
    now = published(title="A better title")
    put(folder, now)
    copy = json.loads((folder / COPY).read_text(encoding="utf-8"))
    (folder / COPY).write_text(json.dumps(copy | {"title": "A better title"}), encoding="utf-8")
    assert refused(folder) == (changed(published(), now),)


def test_a_copy_that_is_a_folder_is_passed_over(folder: Path) -> None:
    now = published(title="A better title")
    put(folder, now)
    (folder / COPY).unlink()
    (folder / COPY).mkdir()
    assert refused(folder) == (changed(published(), now),)


def test_an_unchanged_version_needs_no_copy(folder: Path) -> None:
    (folder / COPY).write_text("?", encoding="utf-8")
    (folder / "verdicts" / "1.0.0.locked.json").unlink()
    assert load_catalogue(folder).ids() == ("example",)


def test_a_copy_in_another_order_and_with_other_spaces_is_as_good(folder: Path) -> None:
    now = published(title="A better title")
    put(folder, now)
    copy = json.loads((folder / COPY).read_text(encoding="utf-8"))
    (folder / COPY).write_text(json.dumps(dict(reversed(copy.items()))), encoding="utf-8")
    assert "is 'A better title'" in refused(folder)[0].text


def test_a_copy_says_what_its_version_means_without_status_and_date(tmp_path: Path) -> None:
    put(tmp_path, published(published_on="2026-12-01", summary="Données – “so”"))
    write_lock(tmp_path)
    text = (tmp_path / COPY).read_text(encoding="utf-8")
    assert "Données – “so”" in text, "people read it, and so do the tools that compare versions"
    assert text.endswith("}\n")
    assert not {"status", "published_on"} & json.loads(text).keys()


def test_locking_again_leaves_older_copies_as_they_are(folder: Path) -> None:
    (folder / COPY).write_text("mine", encoding="utf-8")
    put(folder, published(version="1.1.0"))
    assert write_lock(folder) == ["example@1.1.0"]
    assert (folder / COPY).read_text(encoding="utf-8") == "mine"
    assert (folder / "example/1.1.0/questionnaire.locked.json").exists()


# The lock itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["the same", "another"])
def test_a_version_that_is_locked_twice_is_refused_at_the_second_line(folder: Path, again: str) -> None:
    text = (folder / LOCK_NAME).read_text(encoding="utf-8")
    digest = hash_of(published()) if again == "the same" else f"sha256:{'0' * 64}"
    (folder / LOCK_NAME).write_text(f"{text}example@1.0.0 {digest}\n", encoding="utf-8")
    assert refused(folder) == (errors.LOCK_TWICE.at(LOCK_NAME, 3, reference="example@1.0.0"),)
    with pytest.raises(QuestionnaireError):
        write_lock(folder)


def test_a_second_line_does_not_unlock_a_changed_version(folder: Path) -> None:
    now = published(title="A better title")
    put(folder, now)
    text = (folder / LOCK_NAME).read_text(encoding="utf-8")
    (folder / LOCK_NAME).write_text(f"{text}example@1.0.0 {hash_of(now)}\n", encoding="utf-8")
    assert {problem.code for problem in refused(folder)} == {
        errors.LOCK_TWICE.code, errors.LOCK_MISMATCH.code,
    }  # fmt: skip


def test_authors_read_the_folder_whatever_the_lock_says(folder: Path) -> None:
    put(folder, published(title="A better title"))
    (folder / LOCK_NAME).write_text("?\n", encoding="utf-8")
    assert load_unlocked(folder).get("example", "1.0.0").title == "A better title"
    assert load_unlocked(folder).latest_verdicts() is not None


def test_what_is_published_and_not_locked_yet_is_named(folder: Path) -> None:
    assert unlocked(folder) == ()
    put(folder, published(version="1.1.0"))
    put(folder, questionnaire(version="1.2.0", status="draft"))
    put_rules(folder, rules(version="1.1.0", status="retired"))
    assert unlocked(folder) == ("example@1.1.0", "verdicts@1.1.0")


# Rules for verdicts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["published", "retired"])
def test_published_rules_without_a_lock_are_refused(folder: Path, status: str) -> None:
    put_rules(folder, rules(version="1.1.0", status=status))
    assert refused(folder) == (
        errors.LOCK_MISSING.at("verdicts/1.1.0.yaml", 0, reference="verdicts@1.1.0", lock=LOCK_NAME),
    )


def test_a_draft_of_rules_needs_no_lock(folder: Path) -> None:
    put_rules(folder, rules(version="1.1.0", status="draft"))
    assert list(load_catalogue(folder).verdicts) == ["1.0.0", "1.1.0"]


def test_locked_rules_that_have_changed_are_refused_with_what_changed(folder: Path) -> None:
    now = rules()
    now["sustainability"] = now["sustainability"] | {"worst": 1, "mean_share": 0.6}
    now["order"]["verdicts"][0]["title"] = "Law first"
    put_rules(folder, now)
    assert refused(folder) == (
        changed(
            rules(), now,
            "sustainability › mean_share: was 0.5, is 0.6",
            "order › verdicts › law-first › title: was 'A title', is 'Law first'",
            source=RULES,
        ),
    )  # fmt: skip


def test_locked_rules_whose_file_is_gone_are_missed(folder: Path) -> None:
    (folder / RULES).unlink()
    assert refused(folder) == (errors.LOCK_ORPHAN.at(LOCK_NAME, 0, reference="verdicts@1.0.0"),)


def test_locked_rules_that_are_broken_are_not_missed_too(folder: Path) -> None:
    put_rules(folder, rules(titel="x"))
    assert [problem.code for problem in refused(folder)] == [errors.KEY_UNKNOWN.code]


def test_the_hash_of_rules_is_for_ever() -> None:
    """A program of any later version must find the same: every lock and every closed round holds such hashes."""
    pinned = "sha256:81a65e383773aefb5dfbe9d350568c587432cc95d729531d42d75ad3b869a07c"
    assert hash_of(rules()) == pinned
    assert hash_of(rules(title="Règles")) != pinned


# What is part of the meaning --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"status": "retired"}, {"published_on": "2027-01-31"}])
def test_status_and_date_leave_the_hash(folder: Path, fields: dict[str, str]) -> None:
    put(folder, published(**fields))
    put_rules(folder, rules(**fields))
    assert hash_of(published(**fields)) == hash_of(published())
    assert hash_of(rules(**fields)) == hash_of(rules())
    load_catalogue(folder)


def test_what_has_its_default_leaves_the_hash_whether_it_is_written_or_not() -> None:
    spelt_out = published(
        dimension("direction", question(weight=1, core=False, effort=2, phase="both", requires=[]), weight=1),
        language="en", vignettes=[], scoring={"aggregate": "mean"},
    )  # fmt: skip
    assert hash_of(spelt_out) == hash_of(published())


def test_a_translation_leaves_the_hash_when_it_is_added_and_when_it_is_mended(folder: Path) -> None:
    before = (folder / LOCK_NAME).read_bytes(), (folder / COPY).read_bytes()
    for title in ("Un exemple", "Un meilleur exemple"):
        translation = {"id": "example", "version": "1.0.0", "language": "fr", "title": title}
        file = folder / "example" / "1.0.0" / "lang" / "fr.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(as_yaml(translation))
        catalogue = load_catalogue(folder)
        assert content_hash(catalogue.get("example", "1.0.0")) == hash_of(published())
        assert catalogue.in_language(catalogue.get("example", "1.0.0"), "fr").title == title
    assert write_lock(folder) == []
    assert ((folder / LOCK_NAME).read_bytes(), (folder / COPY).read_bytes()) == before


VIGNETTE = {"id": "a-quiet-sponsor", "question": "sponsor", "level": 2, "situation": "One is named."}


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ([], [VIGNETTE]),
        ([VIGNETTE], [VIGNETTE | {"level": 3}]),
        ([VIGNETTE], [VIGNETTE | {"situation": "Two are named."}]),
        ([VIGNETTE], []),
    ],
    ids=["added", "of another level", "in other words", "removed"],
)
def test_vignettes_are_part_of_the_meaning(
    tmp_path: Path, was: list[dict[str, Any]], now: list[dict[str, Any]]
) -> None:
    before, after = published(vignettes=was), published(vignettes=now)
    assert hash_of(before) != hash_of(after)
    put(tmp_path, before)
    write_lock(tmp_path)
    put(tmp_path, after)
    (problem,) = refused(tmp_path)
    assert "\n    vignettes" in problem.text


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["gates"]["pilot"].update(waivable_floors=3),
        lambda data: data["gates"].update(why="Otherwise."),
        lambda data: data["operating_model"]["classes"][0].update(title="None"),
        lambda data: data["sustainability"]["bands"][0].update(up_to=31),
        lambda data: data["perception"].update(amber=1.5),
        lambda data: data["order"].update(co_evolving_target=2),
        lambda data: data["order"]["verdicts"][0].update(when={"all": [{"fact": "law"}]}),
        lambda data: data["sustainability"]["bands"].insert(1, {"id": "watch", "title": "Watch", "up_to": 55}),
    ],
)  # fmt: skip
def test_every_limit_and_word_of_the_rules_is_part_of_their_meaning(change: Change) -> None:
    now = rules()
    change(now)
    assert hash_of(now) != hash_of(rules())


# What is shipped --------------------------------------------------------------------------------------------------


def test_every_published_version_that_is_shipped_is_locked_and_has_its_copy() -> None:
    catalogue = load_catalogue(SHIPPED)
    assert unlocked(SHIPPED) == ()
    values: list[Lockable] = [*catalogue.questionnaires.values(), *catalogue.verdicts.values()]
    copies = {str(file.relative_to(SHIPPED)) for file in SHIPPED.rglob("*.locked.json")}
    assert copies == {
        f"{value.id}/{value.version}/questionnaire.locked.json"
        if isinstance(value, Questionnaire)
        else f"verdicts/{value.version}.locked.json"
        for value in values
    }
    lines = (SHIPPED / LOCK_NAME).read_text(encoding="utf-8").splitlines()
    assert lines == sorted(f"{value.reference} {content_hash(value)}" for value in values)


def test_locking_the_shipped_files_anew_writes_the_same_lock_and_the_same_copies(tmp_path: Path) -> None:
    for file in SHIPPED.rglob("*.yaml"):
        target = tmp_path / file.relative_to(SHIPPED)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    write_lock(tmp_path)
    written = [LOCK_NAME, *(str(file.relative_to(SHIPPED)) for file in SHIPPED.rglob("*.locked.json"))]
    assert len(written) == 5
    for name in written:
        assert (tmp_path / name).read_bytes() == (SHIPPED / name).read_bytes(), name


@pytest.mark.parametrize(
    "content", [b'{"a": "\\ud800"}', b"[" * 200_000], ids=["half a surrogate pair", "too deep"]
)
def test_a_hostile_copy_is_passed_over(folder: Path, content: bytes) -> None:
    now = published(title="A better title")
    put(folder, now)
    (folder / COPY).write_bytes(content)
    assert refused(folder) == (changed(published(), now),)
