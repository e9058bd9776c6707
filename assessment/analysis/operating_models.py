"""How many units work in which way, from central to domain ownership; no way is better than another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessment.analysis.gates import StageName
from assessment.analysis.operating_model import OperatingModelFinding, operating_model
from assessment.analysis.readiness import RoundFindings
from assessment.i18n import count, joined, t
from assessment.questionnaire.verdicts import ModelClass, OperatingModelRules


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One class: the units that are clearly in it, and those that one level in one answer would move elsewhere.

    `model` None is what can't be told because an input has no level; those units are all in `clear`.
    """

    model: ModelClass | None
    clear: tuple[str, ...]
    borderline: tuple[str, ...]

    @property
    def units(self) -> int:
        return len(self.clear) + len(self.borderline)


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """Every class from centralised to mesh, then what can't be told, when there is such a unit.

    `of_domains` says what the units are; else countries.
    """

    of_domains: bool
    lines: tuple[ModelLine, ...]

    @property
    def units(self) -> int:
        return sum(line.units for line in self.lines)

    @property
    def known(self) -> int:
        return sum(line.units for line in self.lines if line.model is not None)

    @property
    def headline(self) -> str:
        """How most units work, how many stand between two ways, and of how many nobody can tell."""
        if not self.units:
            return t("None of these units was asked in this round")
        unknown = self.units - self.known
        if not self.known:
            return t(
                "How they work can't be told for any of {n}: inputs have no level", n=self._units(unknown)
            )
        told = [line for line in self.lines if line.model is not None]
        most = max(line.units for line in told)
        ways = joined(f"“{line.model.title}”" for line in told if line.model and line.units == most)
        ties = sum(line.units == most for line in told)
        each = t(" each") if ties > 1 else ""
        borderline = sum(len(line.borderline) for line in told)
        between = t("; {n} one level in one answer from another way", n=borderline) if borderline else ""
        rest = t("; {n} can't be told", n=unknown) if unknown else ""
        return t(
            "{ways}: {n} of {units}{each}{between}{rest}",
            ways=ways, n=most, units=self._units(self.units), each=each, between=between, rest=rest,
        )  # fmt: skip

    def _units(self, number: int) -> str:
        return count(number, "domain") if self.of_domains else count(number, "country", "countries")


def operating_models(findings: RoundFindings, rules: OperatingModelRules) -> dict[str, OperatingModelFinding]:
    """The operating model of every unit that was asked in the round, by id."""
    pilots = [entry for entry in findings.stages if entry.stage is StageName.PILOT]
    hard = _hard_gates(findings)
    return {entry.unit_id: operating_model(entry.unit_id, findings.readings, rules, hard) for entry in pilots}


def model_overview(
    found: Mapping[str, OperatingModelFinding],
    rules: OperatingModelRules,
    unit_ids: Iterable[str],
    *,
    of_domains: bool,
) -> ModelOverview:
    """Where these units stand; the classes in the reverse of the rules' order, which begins with the mesh."""
    shown = [found[unit] for unit in unit_ids if unit in found]
    lines = [_line(model, shown) for model in reversed(rules.classes)]
    unknown = tuple(entry.unit_id for entry in shown if entry.chosen is None)
    return ModelOverview(of_domains, (*lines, *([ModelLine(None, unknown, ())] if unknown else [])))


def _line(model: ModelClass, shown: Iterable[OperatingModelFinding]) -> ModelLine:
    here = [entry for entry in shown if entry.chosen is not None and entry.chosen.id == model.id]
    return ModelLine(
        model,
        tuple(entry.unit_id for entry in here if not entry.borderline),
        tuple(entry.unit_id for entry in here if entry.borderline),
    )


def _hard_gates(findings: RoundFindings) -> dict[str, list[str]]:
    """The questions with hard gates of each questionnaire; a pilot has the same gates for every unit."""
    first = next((entry for entry in findings.stages if entry.stage is StageName.PILOT), None)
    hard: dict[str, list[str]] = {}
    for gate in first.hard if first else ():
        hard.setdefault(gate.questionnaire_id, []).append(gate.question_id)
    return hard
