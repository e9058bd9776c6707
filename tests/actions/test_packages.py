"""The data package: what it holds, that it keeps to its own description, and that nothing in it is anybody else's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assessment.access import Principal, Role
from assessment.actions import reviewing
from assessment.actions.answering import save_answer
from assessment.actions.exporting import export_package, export_scores, export_tables_for_excel
from assessment.actions.workspace import Loaded, load_package
from assessment.analysis.moves import MOVE_COLUMNS
from assessment.analysis.readiness import GATE_COLUMNS, VERDICT_COLUMNS
from assessment.errors import IntakeError, NotAllowed, ResponseError
from assessment.exports.schemas import TABLES
from assessment.organisation import ROUND_COLUMNS, TARGET_COLUMNS, UNIT_COLUMNS
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.table import SCORE_COLUMNS
from assessment.store.engine import Store
from assessment.store.organisation import read_rounds
from tests.conftest import SmallWorkspace
from tests.store import small

Files = dict[str, bytes]
Opener = Callable[[str], Store]
HEADERS = {
    "units": UNIT_COLUMNS, "answers": ANSWER_COLUMNS, "targets": TARGET_COLUMNS, "scores": SCORE_COLUMNS,
    "gates": GATE_COLUMNS, "verdicts": VERDICT_COLUMNS, "moves": MOVE_COLUMNS,
}  # fmt: skip


@pytest.fixture(scope="module")
def files(invented: Store, catalogue: Catalogue) -> Files:
    """The package of the latest round, as the CDAO gets it."""
    return package(invented, catalogue)


def rounds_of(store: Store) -> list[str]:
    with store.read() as connection:
        return [entry.id for entry in read_rounds(connection)]


def package(
    store: Store,
    catalogue: Catalogue,
    somebody: Principal = small.CDAO,
    unit: str | None = None,
    which: int = -1,
) -> Files:
    made = export_package(small.desk_for(store, catalogue, somebody), rounds_of(store)[which], unit)
    return unpacked(made.content)


def damaged(files: Files) -> bytes:
    """The files in an archive in which the beginning of units.csv was written over."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: name != "units.csv"):
            archive.writestr(name, files[name])
    # A local header has 30 bytes before the name.
    start = 30 + len("units.csv")
    return made.getvalue()[:start] + b"\xff" * 20 + made.getvalue()[start + 20 :]


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def rows_of(files: Files, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))


@pytest.fixture
def usual_reader() -> Iterator[None]:
    """Puts back what a library that validates packages changes for the whole process."""
    limit = csv.field_size_limit()
    yield
    csv.field_size_limit(limit)


@pytest.mark.parametrize("name", HEADERS)
def test_tables_that_others_rely_on_have_their_columns(name: str):
    assert TABLES[name].columns == list(HEADERS[name])


def test_rounds_have_the_columns_of_their_file_and_more():
    assert TABLES["rounds"].columns[: len(ROUND_COLUMNS)] == list(ROUND_COLUMNS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.usefixtures("usual_reader")
def test_the_package_keeps_to_its_own_description(files: Files, tmp_path: Path):
    from frictionless import Package

    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])[:10]
    assert len(report.tasks) == len(TABLES)


def test_every_file_has_the_hash_and_size_that_are_told(files: Files):
    resources = json.loads(files["datapackage.json"])["resources"]
    assert [f"{entry['name']}.csv" for entry in resources] == [
        name for name in files if name.endswith(".csv")
    ]
    for entry in resources:
        content = files[entry["path"]]
        assert entry["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert entry["bytes"] == len(content)


def test_a_domains_owner_gets_no_gate_or_verdict_that_hangs_on_what_they_may_not_see(
    invented: Store, catalogue: Catalogue, files: Files
):
    """A domain's gates rest on its country's answers too: unknown to its owner is not unknown."""
    unit = next(row["unit_id"] for row in rows_of(files, "verdicts") if row["verdict"] == "ready")
    mine = package(invented, catalogue, Principal("Dora", Role.DOMAIN_OWNER, unit), unit)
    assert {row["source_unit_id"] for row in rows_of(mine, "gates")} == {unit}
    told = {(row["unit_id"], row["round_id"]): row["verdict"] for row in rows_of(files, "verdicts")}
    for row in rows_of(mine, "verdicts"):
        assert row["verdict"] == told[row["unit_id"], row["round_id"]], "what is told is true"
    last = rounds_of(invented)[-1]
    assert told[unit, last] == "ready"
    assert last not in {row["round_id"] for row in rows_of(mine, "verdicts")}


def test_all_tables_come_as_csv_for_excel_too(invented: Store, catalogue: Catalogue, files: Files):
    made = export_tables_for_excel(small.desk_for(invented, catalogue, small.CDAO), rounds_of(invented)[-1])
    assert made.name.startswith("tables-for-excel_")
    found = unpacked(made.content)
    assert set(found) == {name for name in files if name.endswith(".csv")}
    for name, content in found.items():
        assert content.startswith("\ufeff".encode())
        read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert len(read) == len(rows_of(files, name.removesuffix(".csv"))) + 1
        assert not [text for row in read for text in row if text.startswith(("=", "+", "@"))]


def test_a_leader_who_has_not_sent_gets_nothing_that_its_domains_said(
    invented: Store, catalogue: Catalogue, files: Files
):
    """A lead and its domains are blind to each other until both have sent: to answers, and to what follows from them."""
    drafts = {row["unit_id"] for row in rows_of(files, "assessments") if row["assessment_state"] == "draft"}
    last = rounds_of(invented)[-1]
    country = next(unit for unit in sorted(drafts) if "." not in unit)
    leader = Principal("Lea", Role.COUNTRY_LEADER, country)
    mine = package(invented, catalogue, leader, country)
    for name in ("facts", "commitments"):
        of_domains = [row for row in rows_of(mine, name) if row["round_id"] == last and "." in row["unit_id"]]
        assert not of_domains
    told = {
        (row["round_id"], row["unit_id"], row["stage"]): row["verdict"] for row in rows_of(files, "verdicts")
    }
    for row in rows_of(mine, "verdicts"):
        # Of a domain only what the country's own answers settle: one hard gate that isn't met is enough.
        expected = (
            told[row["round_id"], row["unit_id"], row["stage"]] if row["round_id"] != last else "not_yet"
        )
        assert "." not in row["unit_id"] or row["verdict"] == expected
    unseen = {row["source_unit_id"] for row in rows_of(mine, "gates") if row["round_id"] == last}
    assert unseen <= {country, ""}


def test_the_same_moment_makes_the_same_bytes(invented: Store, catalogue: Catalogue, files: Files):
    assert package(invented, catalogue) == files


def test_its_scores_are_those_of_the_single_file(invented: Store, catalogue: Catalogue, files: Files):
    last = rounds_of(invented)[-1]
    alone = export_scores(small.desk_for(invented, catalogue, small.CDAO), last).content.decode().splitlines()
    whole = files["scores.csv"].decode().splitlines()
    assert alone[0] == whole[0]
    assert alone[1:] == [line for line in whole if f'"{last}"' in line]


def test_it_holds_the_rounds_up_to_its_own(invented: Store, catalogue: Catalogue):
    earlier, early = package(invented, catalogue, which=1), rounds_of(invented)[:2]
    assert [row["round_id"] for row in rows_of(earlier, "rounds")] == early
    for name in ("assessments", "answers", "facts", "commitments", "targets", "scores", "gates", "verdicts"):
        assert {row["round_id"] for row in rows_of(earlier, name)} <= set(early), name
    assert {row["round_id"] for row in rows_of(earlier, "moves")} == {early[-1]}


def test_moves_that_were_taken_on_have_owner_day_and_state(invented: Store, files: Files):
    last = rounds_of(invented)[-1]
    said = {
        (row["unit_id"], row["question_id"]): (row["owner"], row["due_on"], row["state"])
        for row in rows_of(files, "commitments")
        if row["round_id"] == last
    }
    moves = rows_of(files, "moves")
    taken_on = [row for row in moves if row["state"]]
    assert taken_on
    assert len(taken_on) < len(moves)
    for row in moves:
        expected = said.get((row["unit_id"], row["question_id"]), ("", "", ""))
        assert (row["owner"], row["due_on"], row["state"]) == expected


def test_a_package_of_a_country_holds_it_and_what_is_below(
    invented: Store, catalogue: Catalogue, files: Files
):
    every = {row["unit_id"]: row for row in rows_of(files, "units")}
    country = next(name for name, row in every.items() if row["kind"] == "country")
    below = {name for name, row in every.items() if row["parent_id"] == country}
    mine = package(invented, catalogue, unit=country)
    above = {row["unit_id"] for row in rows_of(mine, "units")} - below - {country}
    assert above == {every[country]["parent_id"]}
    for name, table in TABLES.items():
        if "unit_id" in table.columns and name != "units":
            assert {row["unit_id"] for row in rows_of(mine, name)} <= below | {country}, name
    assert f"`{country}` and what is below it" in mine["README.md"].decode()


def test_what_is_not_ones_own_is_in_no_package(invented: Store, catalogue: Catalogue, files: Files):
    units = rows_of(files, "units")
    own, other = [row["unit_id"] for row in units if row["kind"] == "country"]
    leader = Principal("Bea", small.FRANCE.role, own)
    mine = package(invented, catalogue, leader)
    assert {row["unit_id"].split(".")[0] for row in rows_of(mine, "scores")} == {own}
    assert f'"{other}' not in mine["answers.csv"].decode()
    with pytest.raises(NotAllowed):
        package(invented, catalogue, leader, unit=other)


def test_an_unknown_round_is_refused(invented: Store, catalogue: Catalogue):
    with pytest.raises(ResponseError, match="There is no round 'never'"):
        export_package(small.desk_for(invented, catalogue, small.CDAO), "never")


HOSTILE = (
    ' =HYPERLINK("http://x","y"), "quoted"\r\nsecond line;\tétoile ✓ \u202e<script>alert(1)</script> ../../x '
)


def load(store: Store, catalogue: Catalogue, content: bytes) -> Loaded:
    return load_package(small.desk_for(store, catalogue, small.ADMINISTRATOR), content, "package.zip")


def test_a_loaded_package_gives_the_same_files_again(
    invented: Store, store: Store, catalogue: Catalogue, files: Files
):
    loaded = load(store, catalogue, packed(files))
    assert (loaded.units, loaded.rounds) == (7, 3)
    assert loaded.answers == len(rows_of(files, "answers"))
    again = package(store, catalogue)
    assert again.keys() == files.keys()
    for name in files:
        assert again[name] == files[name], name


def test_texts_of_any_kind_come_back_as_they_were(
    workspace: SmallWorkspace, opened: Opener, migrated_file: Path
):
    desk = workspace.desk(small.SALES)
    for question in small.DOMAIN_QUESTIONS:
        save_answer(
            desk, workspace.assessment("FR.sales").id, question,
            {"state": "not_applicable", "reason": HOSTILE, "evidence_ref": HOSTILE, "comment": HOSTILE},
            expected_version=0, idempotency_key=small.new_key(),
        )  # fmt: skip
    reviewing.submit(desk, workspace.assessment("FR.sales").id)
    made = export_package(workspace.desk(small.CDAO), small.ROUND).content
    shutil.copy(migrated_file, migrated_file.with_name("other.db"))
    other = opened(f"sqlite:///{migrated_file.with_name('other.db')}")
    load(other, workspace.catalogue, made)
    again = export_package(small.desk_for(other, workspace.catalogue, small.CDAO), small.ROUND).content
    assert unpacked(again) == unpacked(made)
    assert rows_of(unpacked(made), "answers")[0]["comment"] == HOSTILE


def test_a_package_never_replaces_what_is_there(
    workspace: SmallWorkspace, catalogue: Catalogue, files: Files
):
    before = small.everything(workspace.store)
    with pytest.raises(ResponseError, match="is loaded into an empty workspace"):
        load(workspace.store, catalogue, packed(files))
    assert small.everything(workspace.store) == before


def changed(files: Files, name: str, old: bytes, new: bytes) -> Files:
    """The package with one file changed, and its hash as well, as somebody would who made one by hand."""
    assert old in files[name]
    content = files[name].replace(old, new, 1)
    told = json.loads(files["datapackage.json"])
    for entry in told["resources"]:
        if entry["path"] == name:
            entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return files | {name: content, "datapackage.json": json.dumps(told).encode()}


@pytest.mark.parametrize(
    ("spoilt", "code"),
    [
        (lambda _: b"PK no zip", "A401"),
        (damaged, "A401"),
        (lambda files: packed(files | {"datapackage.json": b"{"}), "A401"),
        (lambda files: packed({name: files[name] for name in files if name != "units.csv"}), "A403"),
        (lambda files: packed(files | {"answers.csv": files["answers.csv"] + b"\n"}), "A404"),
        (lambda files: packed(changed(files, "facts.csv", b'"true"', b'"perhaps"')), "A216"),
        (lambda files: packed(changed(files, "assessments.csv", b'"1.0.0"', b'"9.9.9"')), "A204"),
        (lambda files: packed(changed(files, "commitments.csv", b'"planned"', b'"dreamt"')), "A202"),
        (lambda files: packed(changed(files, "commitments.csv", b'"planned",', b'"planned",' + b"x" * 4001)), "A216"),
    ],
)  # fmt: skip
def test_a_spoilt_package_is_refused_as_a_whole(
    store: Store, catalogue: Catalogue, files: Files, spoilt: Callable[[Files], bytes], code: str
):
    before = small.everything(store)
    with pytest.raises(IntakeError) as refused:
        load(store, catalogue, spoilt(files))
    assert code in {problem.code for problem in refused.value.problems}
    assert small.everything(store) == before


def test_the_faults_of_all_files_are_told_at_once(store: Store, catalogue: Catalogue, files: Files):
    spoilt = changed(files, "facts.csv", b'"true"', b'"perhaps"')
    spoilt = changed(spoilt, "commitments.csv", b'"planned"', b'"dreamt"')
    with pytest.raises(IntakeError) as refused:
        load(store, catalogue, packed(spoilt))
    assert {problem.source for problem in refused.value.problems} == {"facts.csv", "commitments.csv"}


def test_an_answer_of_nobodys_assessment_is_refused(store: Store, catalogue: Catalogue, files: Files):
    line = files["assessments.csv"].splitlines(keepends=True)[1]
    with pytest.raises(IntakeError, match="A405"):
        load(store, catalogue, packed(changed(files, "assessments.csv", line, b"")))


def test_what_would_fill_the_memory_is_not_unpacked(
    store: Store, catalogue: Catalogue, files: Files, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assessment.intake.package.MAX_UNPACKED", 1000)
    with pytest.raises(IntakeError, match="A402"):
        load(store, catalogue, packed(files))


def test_only_an_administrator_loads_a_package(store: Store, catalogue: Catalogue, files: Files):
    with pytest.raises(NotAllowed):
        load_package(small.desk_for(store, catalogue, small.CDAO), packed(files), "package.zip")
