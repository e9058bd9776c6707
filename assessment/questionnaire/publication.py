"""What a version must be before it is published: well worded, and honest about how much has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from assessment import errors
from assessment.errors import Problem, QuestionnaireError
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.comparison import Change, Comparison, QuestionChange, compare
from assessment.questionnaire.lint import lint, lint_ids
from assessment.questionnaire.models import Questionnaire, Status
from assessment.questionnaire.numbering import version_key
from assessment.questionnaire.translations import coverage

#: How many places a change lists before it says how many more there are.
PLACES_SHOWN = 3


def style_findings(catalogue: Catalogue) -> tuple[list[Problem], list[Problem]]:
    """The findings in drafts, and those in published versions; retired ones are left in peace."""
    live = [entry for entry in catalogue.questionnaires.values() if entry.status is not Status.RETIRED]
    found = [(entry, problem) for entry in live for problem in findings_of(catalogue, entry)]
    drafts = [problem for entry, problem in found if entry.status is Status.DRAFT]
    return drafts, [problem for entry, problem in found if entry.status is Status.PUBLISHED]


def findings_of(catalogue: Catalogue, entry: Questionnaire) -> list[Problem]:
    """The findings about one version of the catalogue."""
    return _findings(entry, _earlier(catalogue, entry))


def _findings(entry: Questionnaire, earlier: Iterable[Questionnaire]) -> list[Problem]:
    """The findings about one version, among them ids that it took from versions before it."""
    return lint(entry, _file(entry)) + lint_ids(entry, earlier, _file(entry))


def _earlier(catalogue: Catalogue, entry: Questionnaire) -> list[Questionnaire]:
    """The versions whose ids were taken before this one's: drafts come last, else the day of publication counts."""

    def age(other: Questionnaire) -> tuple[bool, str, str, tuple[int, ...]]:
        return other.status is Status.DRAFT, other.published_on or "", other.id, version_key(other.version)

    return [other for other in catalogue.questionnaires.values() if age(other) < age(entry)]


def require_publishable(
    catalogue: Catalogue, references: Iterable[str], same_meaning: Collection[str]
) -> None:
    """Refuse to publish versions that read badly, or whose number promises less change than there is.

    `same_meaning` lists questions whose words changed and whose meaning, as the author confirms, didn't.

    Raises:
        QuestionnaireError: With every finding.
    """
    wanted = set(references)
    new = [entry for entry in catalogue.questionnaires.values() if entry.reference in wanted]
    locked = [
        entry
        for entry in catalogue.questionnaires.values()
        if entry.reference not in wanted and entry.status is not Status.DRAFT
    ]
    found = [
        problem for place, entry in enumerate(new) for problem in _findings(entry, [*locked, *new[:place]])
    ]
    found += [
        errors.LINT_NO_DATE.at(f"verdicts/{rules.version}.yaml", 0, reference=rules.reference)
        for rules in catalogue.verdicts.values()
        if rules.reference in wanted and rules.published_on is None
    ]
    for entry in new:
        predecessor = _predecessor(catalogue, entry)
        if predecessor is not None:
            found += _step_problems(
                compare(predecessor, entry, {*same_meaning, *confirmed(catalogue, predecessor, entry)})
            )
    if found:
        raise QuestionnaireError(found)


def confirmed(catalogue: Catalogue, before: Questionnaire, after: Questionnaire) -> frozenset[str]:
    """The questions that mean what they meant, as crosswalks from one version to the other say."""
    return frozenset(name for step in catalogue.crosswalk(before, after) for name in step.clarified)


def require_honest_step(comparison: Comparison) -> None:
    """Refuse a version number that promises less change than there is.

    Raises:
        QuestionnaireError: Says which step is needed, or that these are no two versions of one questionnaire.
    """
    if problems := _step_problems(comparison):
        raise QuestionnaireError(problems)


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """The comparison for people: what changed, question by question, and the step that it demands."""
    before, after = comparison.before.reference, comparison.after.reference
    counts = [f"{comparison.count(change)} {change}" for change in Change if comparison.count(change)]
    yield f"{before} → {after}: {', '.join(counts) or 'no questions'}"
    for entry in comparison.questions:
        if entry.change is not Change.UNCHANGED:
            yield from _question_lines(entry)
    for difference in comparison.frame:
        yield f"  frame      {difference}"
    yield f"Least step: {comparison.demands.name.lower()}; the numbers make: {comparison.step.name.lower()}."


def coverage_lines(catalogue: Catalogue) -> Iterator[str]:
    """How much of each version each translation has; what is missing is shown in the first language."""
    for reference, languages in catalogue.translations.items():
        for translation in languages.values():
            found = coverage(catalogue.questionnaires[reference], translation)
            missing = f"; missing first: {found.first_missing}" if found.first_missing else ""
            yield f"{reference} in '{found.language}': {found.translated} of {found.total} texts ({found.share:.0%}){missing}"


def _question_lines(entry: QuestionChange) -> Iterator[str]:
    others = f" ({', '.join(entry.others)})" if entry.others else ""
    yield f"  {entry.change:10} {entry.question_id}{' (core)' if entry.core else ''}{others}"
    for difference in entry.details[:PLACES_SHOWN]:
        yield f"             {difference}"
    if len(entry.details) > PLACES_SHOWN:
        yield f"             … and {len(entry.details) - PLACES_SHOWN} more"


def _step_problems(comparison: Comparison) -> list[Problem]:
    before, after = comparison.before, comparison.after
    if before.id != after.id:
        return [errors.TWO_QUESTIONNAIRES.at(_file(after), 0, before=before.reference, after=after.reference)]
    if comparison.is_honest:
        return []
    demanding = [entry.question_id for entry in comparison.questions if entry.demands > comparison.step]
    return [
        errors.STEP_TOO_SMALL.at(
            _file(after), 0, before=before.reference, after=after.version,
            step=comparison.demands.name.lower(), why=", ".join(demanding[:PLACES_SHOWN]) or "what is around the questions",
        )
    ]  # fmt: skip


def _predecessor(catalogue: Catalogue, entry: Questionnaire) -> Questionnaire | None:
    """The version that was published before this one."""
    versions = catalogue.versions(entry.id)
    earlier = [catalogue.get(entry.id, version) for version in versions[: versions.index(entry.version)]]
    published = [other for other in earlier if other.status is not Status.DRAFT]
    return published[-1] if published else None


def _file(questionnaire: Questionnaire) -> str:
    return f"{questionnaire.id}/{questionnaire.version}/questionnaire.yaml"
