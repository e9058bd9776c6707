"""The data package: what it holds, that it keeps to its own description, and that nothing in it is anybody else's."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment import demo
from assessment.access import Principal
from assessment.actions.exporting import export_package, export_scores
from assessment.actions.workspace import fill_with_demo
from assessment.analysis.moves import MOVE_COLUMNS
from assessment.analysis.readiness import GATE_COLUMNS, VERDICT_COLUMNS
from assessment.errors import NotAllowed, ResponseError
from assessment.exports.schemas import TABLES
from assessment.organisation import ROUND_COLUMNS, TARGET_COLUMNS, UNIT_COLUMNS
from assessment.questionnaire.catalogue import Catalogue
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.table import SCORE_COLUMNS
from assessment.store.engine import Store, open_store
from assessment.store.organisation import read_rounds
from tests.store import small

Files = dict[str, bytes]
HEADERS = {
    "units": UNIT_COLUMNS, "answers": ANSWER_COLUMNS, "targets": TARGET_COLUMNS, "scores": SCORE_COLUMNS,
    "gates": GATE_COLUMNS, "verdicts": VERDICT_COLUMNS, "moves": MOVE_COLUMNS,
}  # fmt: skip


@pytest.fixture(scope="module")
def invented(
    migrated_file: Path, catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A synthetic workspace, made once: nothing here changes it but the record of what was exported."""
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("invented") / "store.db")
    store = open_store(f"sqlite:///{file}")
    fill_with_demo(small.desk_for(store, catalogue, small.ADMINISTRATOR), demo.Size(2, 2, 3))
    yield store
    store.engine.dispose()


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
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(files: Files, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode(), newline="")))


@pytest.mark.parametrize("name", HEADERS)
def test_tables_that_others_rely_on_have_their_columns(name: str):
    assert TABLES[name].columns == list(HEADERS[name])


def test_rounds_have_the_columns_of_their_file_and_more():
    assert TABLES["rounds"].columns[: len(ROUND_COLUMNS)] == list(ROUND_COLUMNS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
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
