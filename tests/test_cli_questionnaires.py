"""The authors' commands: check, lock, diff and schema, on a small folder that a test may change.

Its questionnaire is the one of docs/questionnaire-style.md, which has no findings.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.folder import write_lock
from tests.conftest import ROOT
from tests.store.command_line import Run, done, files_in, refused

PAGE = (ROOT / "docs" / "questionnaire-style.md").read_text(encoding="utf-8")
BASE = PAGE.partition("```yaml base\n")[2].partition("```\n")[0]
NAME = "data-ownership"
HELP = "help: An owner counts when the name is written down. The data office could know."
VAGUE = "help: An owner counts when the name is checked regularly. The data office could know."
OTHER = "help: An owner counts when the owner has signed for it. The data office could know."
PUBLISHED = "status: published\npublished_on: 2026-12-01\n"


def text(version: str, *changes: tuple[str, str], status: str = PUBLISHED) -> str:
    """The page's questionnaire in some version, with texts exchanged."""
    found = BASE.replace("version: 1.0.0", f"version: {version}") + status
    for before, after in changes:
        assert before in found
        found = found.replace(before, after)
    return found


def put(folder: Path, content: str) -> Path:
    """Write a version to the place that it names."""
    version = content.partition("version: ")[2].partition("\n")[0]
    file = folder / NAME / version / "questionnaire.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    return file


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    """A folder with version 1.0.0, published and locked."""
    folder = tmp_path / "mine"
    put(folder, text("1.0.0"))
    said = done(run("questionnaires", "lock", "--questionnaires", folder))
    assert said == f"locked {NAME}@1.0.0\n"
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


# check ------------------------------------------------------------------------------------------------------


def test_the_shipped_questionnaires_read_well(run: Run, catalogue: Catalogue) -> None:
    said = done(run("questionnaires", "check"))
    assert f"{len(catalogue.questionnaires)} questionnaire versions: no problems." in said
    assert f"Beside them: {len(catalogue.facts)} facts, {len(catalogue.elements)} elements" in said
    assert f"{len(catalogue.principles)} principles; verdict rules 1.0.0." in said


def test_a_folder_of_one_version_with_nothing_beside_it_takes_one_line(run: Run, folder: Path) -> None:
    assert (
        done(run("questionnaires", "check", "--questionnaires", folder))
        == "1 questionnaire version: no problems.\n"
    )


def test_a_finding_in_a_published_version_ends_the_check_with_status_one(run: Run, tmp_path: Path) -> None:
    """A finding that came with a newer program: the version was locked before."""
    folder = Path(shutil.copytree(ROOT / "questionnaires", tmp_path / "questionnaires"))
    file = folder / "data-governance" / "1.0.0" / "questionnaire.yaml"
    dated = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^published_on: .*\n", "", dated, flags=re.MULTILINE), encoding="utf-8")
    said = refused(
        run("questionnaires", "check", "--questionnaires", folder), "Q513", "data-governance@1.0.0"
    )
    assert said.startswith("data-governance/1.0.0/questionnaire.yaml: Q513: ")
    assert "no problems" not in said


def test_every_finding_of_a_published_version_is_listed(run: Run, tmp_path: Path) -> None:
    put(tmp_path, text("1.0.0", (HELP, VAGUE), ("summary: ", "# "), (PUBLISHED, "status: published\n")))
    write_lock(tmp_path)
    lines = refused(run("questionnaires", "check", "--questionnaires", tmp_path)).splitlines()
    assert sorted(line.split(": ")[1] for line in lines[:-1]) == ["Q503", "Q511", "Q513"]
    assert lines[-1].startswith("3 problems")


def test_a_finding_in_a_draft_is_told_and_ends_the_check_well(run: Run, folder: Path) -> None:
    put(folder, text("1.0.1", (HELP, VAGUE), status=""))
    result = run("questionnaires", "check", "--questionnaires", folder)
    assert result.exit_code == 0
    assert result.stdout == "2 questionnaire versions: no problems, 1 finding in drafts.\n"
    assert result.stderr == (
        f"{NAME}/1.0.1/questionnaire.yaml: Q503: 'own-named': its help says 'regularly' and no number. "
        "Say how many, how much, or how long. (a draft: this stops its publication)\n"
    )


def test_a_retired_version_with_a_finding_is_left_in_peace(run: Run, folder: Path) -> None:
    file = folder / NAME / "1.0.0" / "questionnaire.yaml"
    file.write_text(text("1.0.0", status="status: retired\n"))
    done(run("questionnaires", "check", "--questionnaires", folder))


# lock -------------------------------------------------------------------------------------------------------


def test_a_version_with_a_finding_is_not_locked_and_nothing_is_written(run: Run, folder: Path) -> None:
    put(folder, text("2.0.0", (HELP, VAGUE)))
    before = contents(folder)
    refused(run("questionnaires", "lock", "--questionnaires", folder), f"{NAME}/2.0.0", "Q503", "'regularly'")
    assert contents(folder) == before


def test_one_finding_keeps_all_new_versions_out_of_the_lock(run: Run, folder: Path) -> None:
    put(folder, text("2.0.0", ("title: Data ownership", "title: Owners")))
    put(folder, text("2.0.1", (HELP, VAGUE)))
    before = contents(folder)
    refused(run("questionnaires", "lock", "--questionnaires", folder), "2.0.1")
    assert contents(folder) == before


def test_a_step_that_is_too_small_is_not_locked_until_the_author_confirms(run: Run, folder: Path) -> None:
    put(folder, text("1.0.1", (HELP, OTHER)))
    before = contents(folder)
    command = ["questionnaires", "lock", "--questionnaires", folder]
    said = refused(
        run(*command), "Q409", f"from {NAME}@1.0.0 to 1.0.1", "own-named", "major", "--same-meaning"
    )
    assert f"{NAME}/1.0.1/questionnaire.yaml: Q409: " in said
    refused(run(*command, "--same-meaning", "own-words"), "Q409")
    assert contents(folder) == before
    assert done(run(*command, "--same-meaning", "own-named")) == f"locked {NAME}@1.0.1\n"
    assert f"{NAME}@1.0.1 sha256:" in (folder / "LOCK").read_text()
    assert done(run(*command)) == "Nothing new to lock.\n"


def test_several_questions_are_confirmed_one_by_one(run: Run, folder: Path) -> None:
    words = ("prompt: Who decides what a word", "prompt: Who settles what a word")
    put(folder, text("1.0.1", (HELP, OTHER), words))
    command = ["questionnaires", "lock", "--questionnaires", folder, "--same-meaning", "own-named"]
    refused(run(*command), "Q409", "(own-words)")
    done(run(*command, "--same-meaning", "own-words"))


def test_a_large_enough_step_is_locked_without_a_word(run: Run, folder: Path) -> None:
    put(folder, text("2.0.0", (HELP, OTHER)))
    assert done(run("questionnaires", "lock", "--questionnaires", folder)) == f"locked {NAME}@2.0.0\n"
    assert "2 questionnaire versions" in done(run("questionnaires", "check", "--questionnaires", folder))


def test_a_draft_is_neither_judged_nor_locked(run: Run, folder: Path) -> None:
    put(folder, text("1.0.1", (HELP, VAGUE), status=""))
    assert done(run("questionnaires", "lock", "--questionnaires", folder)) == "Nothing new to lock.\n"


def test_a_locked_version_that_was_changed_is_refused_beside_a_new_one(run: Run, folder: Path) -> None:
    put(folder, text("2.0.0"))
    file = folder / NAME / "1.0.0" / "questionnaire.yaml"
    file.write_text(text("1.0.0", ("title: Data ownership", "title: Owners")))
    before = contents(folder)
    refused(run("questionnaires", "lock", "--questionnaires", folder), "Q404", f"{NAME}@1.0.0")
    assert contents(folder) == before


# diff -------------------------------------------------------------------------------------------------------

WORDED = [
    f"{NAME}@1.0.0 → {NAME}@1.0.1: 1 meaning, 1 unchanged",
    "  meaning    own-named (core)",
    "Least step: major; the numbers make: patch.",
]


def test_versions_of_the_folder_are_compared_by_name_drafts_too(run: Run, folder: Path) -> None:
    put(folder, text("2.0.0", (HELP, OTHER), status=""))
    said = done(
        run("questionnaires", "diff", f"{NAME}@1.0.0", f"{NAME}@2.0.0", "--questionnaires", folder)
    ).splitlines()
    assert said[0] == f"{NAME}@1.0.0 → {NAME}@2.0.0: 1 meaning, 1 unchanged"
    assert said[2].startswith("             help: was 'An owner counts when the name is written down.")
    assert said[-1] == "Least step: major; the numbers make: major."


def test_a_small_step_is_shown_and_then_refused(run: Run, folder: Path) -> None:
    put(folder, text("1.0.1", (HELP, OTHER), status=""))
    command = ["questionnaires", "diff", f"{NAME}@1.0.0", f"{NAME}@1.0.1", "--questionnaires", folder]
    result = run(*command)
    assert result.exit_code == 1
    said = result.stdout.splitlines()
    assert [said[0], said[1], said[-1]] == WORDED
    assert result.stderr.startswith(f"{NAME}/1.0.1/questionnaire.yaml: Q409: ")
    confirmed = done(run(*command, "--same-meaning", "own-named")).splitlines()
    assert confirmed[1] == "  wording    own-named (core)"
    assert confirmed[-1] == "Least step: patch; the numbers make: patch."


def test_two_files_are_compared_wherever_they_lie(run: Run, tmp_path: Path) -> None:
    """Without a folder of questionnaires, and whatever the lock says."""
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(text("1.0.0"))
    other.write_text(text("1.0.1", ("title: Data ownership", "title: Owners")))
    command = ["questionnaires", "diff", one, other, "--questionnaires", tmp_path / "nothing"]
    assert done(run(*command)).splitlines() == [
        f"{NAME}@1.0.0 → {NAME}@1.0.1: 2 unchanged",
        "  frame      title: was 'Data ownership', is 'Owners'",
        "Least step: patch; the numbers make: patch.",
    ]


def test_a_file_is_compared_with_a_version_of_the_folder(run: Run, folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(text("1.0.0"))
    said = done(run("questionnaires", "diff", f"{NAME}@1.0.0", mine, "--questionnaires", folder))
    assert said.splitlines()[-1] == "Least step: none; the numbers make: none."


def test_a_step_backwards_is_no_step(run: Run, folder: Path) -> None:
    put(folder, text("2.0.0", (HELP, OTHER)))
    result = run("questionnaires", "diff", f"{NAME}@2.0.0", f"{NAME}@1.0.0", "--questionnaires", folder)
    assert result.exit_code == 1
    assert result.stdout.endswith("Least step: major; the numbers make: none.\n")


def test_two_questionnaires_are_not_compared(run: Run) -> None:
    result = run("questionnaires", "diff", "data-governance@1.0.0", "domain-ownership@1.0.0")
    assert result.exit_code == 1
    assert "Q412" in result.stderr
    assert "data-governance@1.0.0 and domain-ownership@1.0.0 are two questionnaires" in result.stderr


def test_a_version_that_is_not_there_is_named_with_a_near_miss(run: Run) -> None:
    refused(
        run("questionnaires", "diff", "data-governence@1.0.0", "data-governance@1.0.0"),
        "Q402", "data-governence@1.0.0", "Did you mean 'data-governance@1.0.0'?",
    )  # fmt: skip
    refused(
        run("questionnaires", "diff", "data-governance@1.0.0", "nowhere.yaml"),
        "'nowhere.yaml' is no file here",
    )


def test_a_file_that_is_no_questionnaire_is_refused_at_its_line(run: Run, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.yaml"
    spoilt.write_text(text("1.0.0", ("title:", "titel:")))
    refused(run("questionnaires", "diff", spoilt, "data-governance@1.0.0"), f"{spoilt}:3: Q201")


def test_a_comparison_writes_nothing(run: Run, folder: Path) -> None:
    put(folder, text("1.0.1", (HELP, OTHER)))
    before = contents(folder)
    run("questionnaires", "diff", f"{NAME}@1.0.0", f"{NAME}@1.0.1", "--questionnaires", folder)
    assert contents(folder) == before


# schema -----------------------------------------------------------------------------------------------------

SCHEMAS = {
    f"{name}.schema.json"
    for name in ("questionnaire", "translation", "facts", "elements", "principles", "verdicts", "crosswalk")
}


def test_the_schemas_are_written_to_a_folder_that_may_be_new(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "not" / "there" / "yet"
    assert done(run("questionnaires", "schema", "--out", out)) == f"{len(SCHEMAS)} schemas written to {out}\n"
    assert files_in(out) == SCHEMAS
    for name in SCHEMAS:
        schema = json.loads((out / name).read_bytes())
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["type"] == "object"


def test_the_schema_of_a_questionnaire_is_shown_as_it_would_be_written(run: Run, tmp_path: Path) -> None:
    done(run("questionnaires", "schema", "--out", tmp_path))
    shown = done(run("questionnaires", "schema"))
    assert shown == (tmp_path / "questionnaire.schema.json").read_text(encoding="utf-8")


def test_a_folder_for_schemas_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(run("questionnaires", "schema", "--out", tmp_path / "file"), "can't be written")
    assert files_in(tmp_path) == {"file"}


def test_a_version_that_is_named_by_too_long_a_word_is_refused_in_words(run: Run, folder: Path) -> None:
    said = refused(run("questionnaires", "diff", "x" * 300, f"{NAME}@1.0.0", "--questionnaires", folder))
    assert "File name too long" in said or "there is no questionnaire" in said


def test_a_question_that_is_not_there_cannot_be_confirmed(run: Run, folder: Path) -> None:
    pair = f"{NAME}@1.0.0"
    call = run("questionnaires", "diff", pair, pair, "--same-meaning", "own-namd", "--questionnaires", folder)
    assert "there is no question 'own-namd'. Did you mean 'own-named'?" in refused(call)


def test_a_questionnaire_written_in_a_spreadsheet_becomes_a_draft(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "ours.csv"
    assert str(sheet) in done(run("questionnaires", "template", sheet))
    command = ["questionnaires", "import", "spreadsheet", sheet, "--id", "ours", "--questionnaires", folder]
    said = done(run(*command))
    assert said.startswith("ours@1.0.0: a draft with 1 question, in ")
    assert "ours@1.0.0" in done(run("questionnaires", "list", "--questionnaires", folder))
    refused(run(*command), "is there already", "--version")
    done(run(*command, "--version", "1.1.0"))
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("own-named", "Own Named"), encoding="utf-8")
    refused(run(*command, "--version", "1.2.0"), "ours.csv:2: A216")
    assert not (folder / "ours" / "1.2.0").exists()
    refused(run("questionnaires", "template", sheet), "is there already")
    wrong = ["--id", "Ours", "--version", "2", "--units", "planet"]
    refused(
        run(*command[:4], *wrong, *command[6:]), "--id is 'Ours'", "--version is '2'", "--units is 'planet'"
    )


def test_what_is_no_core_and_no_library_is_refused_in_words(run: Run, folder: Path, tmp_path: Path) -> None:
    import_ = ("questionnaires", "import")
    more = ("--id", "x", "--questionnaires", folder)
    refused(run(*import_, "samm", folder, *more), "Q701", "model/")
    refused(run(*import_, "samm", tmp_path / "none", *more), "is no folder")
    file = tmp_path / "library.yaml"
    file.write_text("urn: x\n", encoding="utf-8")
    refused(run(*import_, "ciso-assistant", file, *more), "Q701", "requirement_nodes")
    refused(run(*import_, "ciso-assistant", tmp_path / "none.yaml", *more), "can't be read")
    assert run(*import_, "excel", file, *more).exit_code == 2
