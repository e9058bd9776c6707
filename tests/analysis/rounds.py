"""The findings of a round from a case as `judging` writes them: gates of every unit, views of every country."""

from __future__ import annotations

from assessment.analysis.gates import StageName, pilot_finding, stage_finding
from assessment.analysis.perception import perception
from assessment.analysis.readiness import RoundFindings
from assessment.questionnaire.models import UnitKind
from tests.analysis.judging import ROUND, Case, directly, homes, rules


def findings_of(case: Case) -> RoundFindings:
    """Pilots of all units, later stages of countries (without the risk of domains), in the organisation's order."""
    readings = directly(case)
    stages = []
    for unit in readings.organisation.units.values():
        stages.append(pilot_finding(unit.id, readings, rules(), homes()))
        if unit.kind is UnitKind.COUNTRY:
            live = case.get("live", {})
            stages += [
                stage_finding(unit.id, name, readings, rules(), homes(), live)
                for name in (StageName.SCALE, StageName.SUSTAIN)
            ]
    countries = [unit.id for unit in readings.organisation.countries]
    views = {country: perception(country, readings, rules().perception) for country in countries}
    return RoundFindings(ROUND, readings, tuple(stages), {}, views)


def labels_of(findings: RoundFindings, kind: UnitKind) -> dict[str, str]:
    organisation = findings.readings.organisation
    return {unit.id: organisation.label(unit.id) for unit in organisation.of_kind(kind)}
