"""What is asked, and whether it can be trusted: the authors' commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from assessment.cli.telling import Questionnaires, read_file, told, write_all
from assessment.errors import (
    FILE_UNREADABLE,
    Problem,
    QuestionnaireError,
    ResponseError,
    listed,
    suggestion,
)
from assessment.exports.csv import table_csv
from assessment.i18n import count
from assessment.intake.questions import question_template, read_questions
from assessment.questionnaire.comparison import compare
from assessment.questionnaire.folder import load_catalogue, load_unlocked, unlocked, write_lock
from assessment.questionnaire.foreign.ciso_assistant import from_ciso_assistant
from assessment.questionnaire.foreign.drafting import Head, Imported
from assessment.questionnaire.foreign.samm import from_samm
from assessment.questionnaire.json_schema import schemas
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Questionnaire
from assessment.questionnaire.publication import (
    comparison_lines,
    confirmed,
    coverage_lines,
    require_honest_step,
    require_publishable,
    style_findings,
)

SameMeaning = Annotated[
    list[str] | None,
    typer.Option(
        help="A question whose words changed and whose meaning didn't: you confirm it. Can be repeated."
    ),
]

questionnaires_app = typer.Typer(no_args_is_help=True, help="What is asked, and whether it can be trusted.")


@questionnaires_app.command("list")
def list_questionnaires(questionnaires: Questionnaires = None) -> None:
    """Every version, its state, how many questions it has, and the head of its content hash."""
    with told() as settings:
        for entry in load_catalogue(questionnaires or settings.questionnaires).questionnaires.values():
            facts = f"{entry.status:10} {len(entry.questions):4} questions  {content_hash(entry)[:19]}"
            typer.echo(f"{entry.reference:40} {facts}  {entry.title}")


@questionnaires_app.command("check")
def check_questionnaires(questionnaires: Questionnaires = None) -> None:
    """Load everything as strictly as the application does, compare it with the lock, and read it as an author would.

    Findings about style end the command with status 1 when they are in a published version; a draft may have them
    until it is published.
    """
    with told() as settings:
        folder = questionnaires or settings.questionnaires
        catalogue = load_catalogue(folder)
        draft, published = style_findings(catalogue)
        for problem in draft:
            typer.echo(f"{problem} (a draft: this stops its publication)", err=True)
        if published:
            raise QuestionnaireError(published)
        for line in coverage_lines(catalogue):
            typer.echo(line)
        found = len(catalogue.questionnaires)
        beside = [
            f"{len(catalogue.facts)} facts", f"{len(catalogue.elements)} elements",
            f"{len(catalogue.principles)} principles",
        ]  # fmt: skip
        typer.echo(f"{found} questionnaire version{'s' * (found != 1)}: {_told_of_drafts(draft)}.")
        if any((catalogue.facts, catalogue.elements, catalogue.principles)):
            typer.echo(
                f"Beside them: {listed(beside)}; verdict rules {listed(catalogue.verdicts) or 'none'}."
            )


def _told_of_drafts(findings: Sequence[Problem]) -> str:
    return f"no problems, {count(len(findings), 'finding')} in drafts" if findings else "no problems"


@questionnaires_app.command("lock")
def lock_questionnaires(questionnaires: Questionnaires = None, same_meaning: SameMeaning = None) -> None:
    """Lock the published versions that aren't locked yet; a locked version can't be locked anew.

    Refuses what has findings about style, and a version number that promises less change than there is.
    """
    with told() as settings:
        folder = questionnaires or settings.questionnaires
        catalogue = load_unlocked(folder)
        _require_asked(same_meaning, catalogue.questionnaires.values())
        require_publishable(catalogue, unlocked(folder), same_meaning or ())
        new = write_lock(folder)
        typer.echo("\n".join(f"locked {reference}" for reference in new) or "Nothing new to lock.")


@questionnaires_app.command("diff")
def diff_questionnaires(
    before: Annotated[str, typer.Argument(help="id@version, or a file.")],
    after: Annotated[str, typer.Argument(help="id@version, or a file.")],
    questionnaires: Questionnaires = None,
    same_meaning: SameMeaning = None,
) -> None:
    """What became of every question, and the least version step that it demands; status 1 when the step is smaller."""
    with told() as settings:
        folder = questionnaires or settings.questionnaires
        versions = _version(folder, before), _version(folder, after)
        _require_asked(same_meaning, versions)
        # Files can be compared where no folder is.
        of_folder = not (Path(before).is_file() and Path(after).is_file())
        clarified = confirmed(load_unlocked(folder), *versions) if of_folder else ()
        comparison = compare(*versions, {*(same_meaning or ()), *clarified})
        typer.echo("\n".join(comparison_lines(comparison)))
        require_honest_step(comparison)


def _require_asked(same_meaning: Iterable[str] | None, questionnaires: Iterable[Questionnaire]) -> None:
    """Refuse to confirm the meaning of a question that isn't there: the one that was meant would go unconfirmed."""
    known = {name for entry in questionnaires for name in entry.questions}
    for name in same_meaning or ():
        if name not in known:
            raise ResponseError(f"--same-meaning: there is no question '{name}'.{suggestion(name, known)}")


def _version(folder: Path, named: str) -> Questionnaire:
    """The version that somebody named: a file that is there, else one of the catalogue."""
    try:
        content = Path(named).read_bytes() if Path(named).is_file() else None
    except OSError as error:
        raise QuestionnaireError([FILE_UNREADABLE.at(named, 0, reason=error.strerror)]) from None
    if content is not None:
        return load_questionnaire(content, named)
    identifier, at, version = named.partition("@")
    if not at:
        raise ResponseError(f"'{named}' is no file here, and no id@version like data-governance@1.0.0.")
    return load_unlocked(folder).get(identifier, version)


@questionnaires_app.command("schema")
def write_schemas(
    out: Annotated[
        Path | None, typer.Option(help="The folder to write them to; else that of a questionnaire is shown.")
    ] = None,
) -> None:
    """JSON Schemas of all files, with which editors complete keys and explain them."""
    with told():
        if out is None:
            typer.echo(schemas()["questionnaire.schema.json"].decode(), nl=False)
            return
        write_all(out, schemas())
        typer.echo(f"{len(schemas())} schemas written to {out}")


class Format(StrEnum):
    """What a questionnaire from elsewhere is written in."""

    SPREADSHEET = "spreadsheet"
    SAMM = "samm"
    CISO_ASSISTANT = "ciso-assistant"


@questionnaires_app.command("template")
def write_template(out: Annotated[Path, typer.Argument(help="The CSV file to write.")]) -> None:
    """A spreadsheet to write a questionnaire in: the columns, and one line that shows how they are filled in."""
    with told():
        if out.exists():
            raise ResponseError(f"{out} is there already. Give another name, or remove it first.")
        write_all(out.parent, {out.name: table_csv(question_template())})
        typer.echo(
            f"Written to {out}. Save it as CSV (UTF-8), then: questionnaires import spreadsheet {out} --id …"
        )


@questionnaires_app.command("import")
def import_questionnaire(
    form: Annotated[Format, typer.Argument(metavar="FORMAT", help="spreadsheet, samm or ciso-assistant.")],
    source: Annotated[Path, typer.Argument(metavar="FILE", help="Of SAMM the folder of its core.")],
    identifier: Annotated[str, typer.Option("--id", help="The permanent id of the questionnaire.")],
    title: Annotated[str, typer.Option(help="Its name, where the file doesn't say it.")] = "",
    version: Annotated[str, typer.Option(help="Its version.")] = "1.0.0",
    units: Annotated[str, typer.Option(help="Who is asked: country, domain, or both.")] = "country,domain",
    questionnaires: Questionnaires = None,
) -> None:
    """Make a draft of a questionnaire of another make, and say what could not be carried; never replaces a file."""
    with told() as settings:
        folder = questionnaires or settings.questionnaires
        head = _head(identifier, version, title, units)
        made = _converted(form, source, head)
        place = folder / made.place
        if place.exists():
            raise ResponseError(f"{place} is there already. Give another --version, or remove it first.")
        write_all(place.parent, {place.name: made.content})
        typer.echo(
            f"{made.questionnaire.reference}: a draft with {count(len(made.questionnaire.questions), 'question')}, in {place}"
        )
        for line in made.report:
            typer.echo(f"Not carried: {line}.")
        typer.echo("The app reads questionnaires when it starts: restart it to see the draft.")


def _head(identifier: str, version: str, title: str, units: str) -> Head:
    """What the options say; judged here, because the file is at no fault."""
    asked = tuple(part.strip() for part in units.split(",") if part.strip())
    wrong = {
        "--id": (identifier, re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identifier), "small letters, digits and single hyphens"),
        "--version": (version, re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version), "three numbers, like 1.0.0"),
        "--units": (units, asked and set(asked) <= {"country", "domain"}, "country, domain, or both with a comma"),
    }  # fmt: skip
    problems = [
        f"{option} is '{value}': {rule}." for option, (value, is_right, rule) in wrong.items() if not is_right
    ]
    if problems:
        raise ResponseError("\n".join(problems))
    return Head(identifier, version, title, asked)


def _converted(form: Format, source: Path, head: Head) -> Imported:
    if form is Format.SAMM:
        return from_samm(_files(source), str(source), head)
    convert = read_questions if form is Format.SPREADSHEET else from_ciso_assistant
    return convert(read_file(source).content, str(source), head)


def _files(folder: Path) -> dict[str, bytes]:
    """The YAML files of a folder, by their paths in it."""
    if not folder.is_dir():
        raise ResponseError(
            f"{folder} is no folder. SAMM is read from the folder of its core, which has 'model' in it."
        )
    found = sorted(file for file in folder.rglob("*.y*ml") if file.is_file())
    return {f"{folder.name}/{file.relative_to(folder).as_posix()}": read_file(file).content for file in found}
