"""All that can be asked: every questionnaire version, what stands beside them, and the rules for verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from assessment import errors
from assessment.errors import QuestionnaireError, listed, suggestion
from assessment.questionnaire.companions import Element, Fact, Principle
from assessment.questionnaire.crosswalks import Crosswalk
from assessment.questionnaire.models import Questionnaire, Status
from assessment.questionnaire.numbering import version_key
from assessment.questionnaire.translations import Translation, translated
from assessment.questionnaire.verdicts import VerdictRules


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every questionnaire version by `id@version`, in order of id and version; what stands once for all of them.

    `verdicts` has the versions of the verdict rules, oldest first; `translations` those of each `id@version` by
    language; `crosswalks` how versions became others.
    """

    questionnaires: Mapping[str, Questionnaire]
    facts: tuple[Fact, ...] = ()
    elements: tuple[Element, ...] = ()
    principles: tuple[Principle, ...] = ()
    verdicts: Mapping[str, VerdictRules] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, Translation]] = field(default_factory=dict)
    crosswalks: tuple[Crosswalk, ...] = ()

    def get(self, identifier: str, version: str) -> Questionnaire:
        """One version.

        Raises:
            QuestionnaireError: There is none such; names near misses.
        """
        reference = f"{identifier}@{version}"
        if reference not in self.questionnaires:
            near = suggestion(reference, self.questionnaires)
            known = listed(self.questionnaires)
            raise QuestionnaireError(
                [errors.VERSION_UNKNOWN.at("catalogue", 0, reference=reference, suggestion=near, known=known)]
            )
        return self.questionnaires[reference]

    def languages(self, questionnaire: Questionnaire) -> tuple[str, ...]:
        """The languages in which a version can be read, its first language first."""
        return (questionnaire.language, *self.translations.get(questionnaire.reference, {}))

    def in_language(self, questionnaire: Questionnaire, language: str) -> Questionnaire:
        """The version in another language; what isn't translated stays as it is, and so does all of it without one."""
        translation = self.translations.get(questionnaire.reference, {}).get(language)
        return translated(questionnaire, translation) if translation else questionnaire

    def versions(self, identifier: str) -> tuple[str, ...]:
        """The versions of one questionnaire, oldest first."""
        return tuple(q.version for q in self.questionnaires.values() if q.id == identifier)

    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(q.id for q in self.questionnaires.values()))

    def latest_published(self) -> tuple[Questionnaire, ...]:
        """The newest published version of each questionnaire."""
        newest = {q.id: q for q in self.questionnaires.values() if q.status is Status.PUBLISHED}
        return tuple(newest.values())

    def crosswalk(self, before: Questionnaire, after: Questionnaire) -> tuple[Crosswalk, ...]:
        """The crosswalks that lead from one version to a later one, step by step; none when they don't lead there.

        The fewest steps are taken: a crosswalk that leads there at once says it better than two on the way.
        """
        mine = [one for one in self.crosswalks if one.questionnaire == before.id == after.id]
        ways: list[tuple[Crosswalk, ...]] = [(one,) for one in mine if one.from_version == before.version]
        while ways:
            arrived = next((way for way in ways if way[-1].to_version == after.version), None)
            if arrived is not None:
                return arrived
            ways = [(*way, one) for way in ways for one in mine if one.from_version == way[-1].to_version]
        return ()

    def verdicts_of(self, version: str) -> VerdictRules | None:
        """The rules of a version; the newest published ones where it names none ('')."""
        if not version:
            return self.latest_verdicts()
        return next((rules for rules in self.verdicts.values() if rules.version == version), None)

    def latest_verdicts(self) -> VerdictRules | None:
        """The newest published version of the verdict rules; None when there is none."""
        published = [rules for rules in self.verdicts.values() if rules.status is Status.PUBLISHED]
        return published[-1] if published else None


def catalogue_of(questionnaires: Iterable[Questionnaire]) -> Catalogue:
    """A catalogue of questionnaires already in memory, with nothing beside them."""
    ordered = sorted(questionnaires, key=lambda q: (q.id, version_key(q.version)))
    return Catalogue(MappingProxyType({q.reference: q for q in ordered}))
