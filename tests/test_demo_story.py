"""What the synthetic workspace shows once it is stored, as a CDAO sees it: every finding occurs somewhere, with its reason."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from assessment import demo
from assessment.access import scope_of
from assessment.actions.workspace import fill_with_demo
from assessment.analysis.clauses import FactValues
from assessment.analysis.common_or_local import Commonality, element_finding
from assessment.analysis.gates import StageFinding, StageName, Verdict
from assessment.analysis.operating_model import operating_model
from assessment.analysis.order import order_finding
from assessment.analysis.perception import Perceived, PerceptionFinding
from assessment.analysis.readiness import LIVE_FACT, RoundFindings, round_findings
from assessment.demo import DemoWorkspace
from assessment.organisation import in_time
from assessment.questionnaire.catalogue import Catalogue
from assessment.questionnaire.models import UnitKind
from assessment.questionnaire.verdicts import VerdictRules
from assessment.responses import FINISHED, AnswerRow, EvidenceKind, answer_table
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput, score_table
from assessment.statements import ElementContent, StatementKind
from assessment.store.engine import open_store
from assessment.store.organisation import read_organisation
from assessment.store.scoring_input import read_scoring_input
from assessment.store.statements import read_facts, read_statements
from tests.store import small

TODAY = date(2026, 11, 22)
READY = (Verdict.READY, Verdict.WITH_CONDITIONS)
BOTH = {"country", "domain"}


@dataclass(frozen=True)
class Seen:
    """The stored workspace as a CDAO sees it, and what the rules say of each round, the earliest first."""

    data: ScoringInput
    scores: pd.DataFrame
    rules: VerdictRules
    rounds: tuple[RoundFindings, ...]
    facts: Mapping[str, FactValues]
    elements: Mapping[str, Mapping[str, ElementContent]]

    @property
    def last(self) -> RoundFindings:
        return self.rounds[-1]

    def scored(self, unit_id: str, questionnaire_id: str) -> list[float]:
        """The unit's own score in each round."""
        rows = self.scores[
            (self.scores["unit_id"] == unit_id)
            & (self.scores["questionnaire_id"] == questionnaire_id)
            & (self.scores["dimension_id"] == "")
            & (self.scores["basis"] == "own")
        ].set_index("round_id")["score"]
        return [float(rows[entry.round_id]) for entry in self.rounds]


@pytest.fixture(scope="module")
def seen(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Seen:
    file = shutil.copy(migrated_file, tmp_path_factory.mktemp("story") / "workspace.db")
    store = open_store(f"sqlite:///{file}")
    desk = small.desk_for(store, catalogue, small.ADMINISTRATOR, at=datetime(2026, 11, 22, 9, tzinfo=UTC))
    fill_with_demo(desk, demo.Size())
    with store.read() as connection:
        organisation = read_organisation(connection)
        data = read_scoring_input(connection, catalogue, scope_of(small.CDAO, organisation))
        facts = read_facts(connection, organisation.units)
        said = read_statements(connection, organisation.units, [StatementKind.ELEMENT])
    store.engine.dispose()
    elements: dict[str, dict[str, ElementContent]] = {}
    last = in_time(data.rounds.values())[-1].id
    for statement in said:
        if statement.about.round_id == last:
            assert isinstance(statement.content, ElementContent)
            elements.setdefault(statement.about.subject_id, {})[statement.about.unit_id] = statement.content
    rules = catalogue.latest_verdicts()
    assert rules is not None
    rounds = tuple(round_findings(data, entry.id, rules, facts) for entry in in_time(data.rounds.values()))
    return Seen(data, score_table(data), rules, rounds, facts, elements)


def pilots(findings: RoundFindings) -> dict[str, StageFinding]:
    return {stage.unit_id: stage for stage in findings.stages if stage.stage is StageName.PILOT}


def verdicts(findings: RoundFindings) -> dict[str, Verdict]:
    return {unit: stage.verdict for unit, stage in pilots(findings).items() if stage.verdict is not None}


def views(seen: Seen, country: str) -> dict[str, PerceptionFinding]:
    return {view.question_id: view for view in seen.last.views[country]}


# Gates and verdicts -------------------------------------------------------------------------------------


def test_a_few_domains_of_two_or_three_countries_are_ready_for_a_pilot(seen: Seen) -> None:
    ready = [unit for unit, verdict in verdicts(seen.last).items() if verdict in READY]
    assert 3 <= len(ready) <= 8
    assert 2 <= len({seen.data.organisation.units[unit].parent_id for unit in ready}) <= 3


def test_every_verdict_occurs_and_most_are_not_yet(seen: Seen) -> None:
    found = Counter(verdicts(seen.last).values())
    assert set(found) == set(Verdict)
    assert found[Verdict.NOT_ENOUGH_EVIDENCE] >= 5
    assert found[Verdict.NOT_YET] > 72 / 2


def test_nobody_was_ready_before_adoption_began(seen: Seen) -> None:
    assert set(verdicts(seen.rounds[0]).values()) == {Verdict.NOT_YET}


def test_readiness_grows_from_round_to_round(seen: Seen) -> None:
    counts = [sum(verdict in READY for verdict in verdicts(entry).values()) for entry in seen.rounds]
    assert counts == sorted(counts)


def test_one_country_has_most_of_its_gates_and_stands_out(seen: Seen) -> None:
    met = {unit.id: pilots(seen.last)[unit.id].hard_met for unit in seen.data.organisation.countries}
    first, second, *_ = sorted(met.values(), reverse=True)
    assert met["DE"] == first >= 16
    assert first - second >= 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_story_is_the_same_with_another_seed(catalogue: Catalogue, seen: Seen, seed: int) -> None:
    made = demo.workspace(catalogue, TODAY, demo.Size(), seed)
    data = scoring_input(catalogue, made)
    found = verdicts(round_findings(data, made.rounds[-1].id, seen.rules))
    assert set(found.values()) == set(Verdict)
    assert 3 <= sum(verdict in READY for verdict in found.values()) <= 8


def scoring_input(catalogue: Catalogue, made: DemoWorkspace) -> ScoringInput:
    """What was sent, without a store."""
    rows = [
        AnswerRow(a.round_id, a.unit_id, a.questionnaire_id, a.version, given.question_id, given.answer)
        for a in made.assessments
        if a.steps and a.steps[-1][0] in FINISHED
        for given in a.answers
    ]
    asked = [
        Asked(a.round_id, a.unit_id, a.questionnaire_id, a.version, a.steps[-1][0] if a.steps else None)
        for a in made.assessments
    ]
    rounds = {entry.id: entry for entry in made.rounds}
    return ScoringInput(catalogue, made.organisation, rounds, answer_table(rows), asked, made.targets)


# Countries with a story of their own --------------------------------------------------------------------


def test_poland_has_stalled_below_its_targets(seen: Seen) -> None:
    for questionnaire in ("data-governance", "domain-ownership", "platform-readiness"):
        scores = seen.scored("PL", questionnaire)
        assert max(scores) - min(scores) < 0.5
    last = seen.scores[
        (seen.scores["round_id"] == seen.last.round_id)
        & (seen.scores["unit_id"] == "PL")
        & (seen.scores["basis"] == "own")
    ]
    assert (last["gap"].dropna() > 0).mean() > 0.8


def test_governance_ran_ahead_in_britain_and_ownership_in_sweden(seen: Seen) -> None:
    lead = {
        country: seen.scored(country, "data-governance")[-1] - seen.scored(country, "domain-ownership")[-1]
        for country in ("GB", "SE")
    }
    assert lead["GB"] > 1
    assert lead["SE"] < -1


def test_ownership_of_dutch_customer_service_slid_after_its_first_products(seen: Seen) -> None:
    first, middle, last = seen.rounds
    bands = [entry.risks["NL.service"].band for entry in (middle, last)]
    assert bands[0] is None or bands[0].id != "high"
    assert bands[1] is not None
    assert bands[1].id == "high"
    assert last.risks["NL.service"].forced is not None
    for question in ("dor-beyond-mvp", "dor-protected-capacity"):
        before, after = (entry.readings.own("NL.service", question).claimed for entry in (middle, last))
        assert before is not None
        assert after is not None
        assert after <= before - 1
    assert float(seen.facts[middle.round_id]["NL.service", LIVE_FACT]) > 0
    assert first.risks["NL.service"].forced is None


def test_the_american_lead_sees_more_than_the_domains(seen: Seen) -> None:
    red = [view for view in views(seen, "US").values() if view.perceived is Perceived.RED]
    assert len(red) >= 5
    assert all((view.gap or 0) > 0 for view in red)


def test_indian_domains_do_not_know_of_governance_that_their_lead_claims(seen: Seen) -> None:
    invisible = [view for view in views(seen, "IN").values() if view.is_invisible]
    assert len(invisible) >= 4
    assert all(view.question_id.startswith("dgm-") for view in invisible)


def test_japan_claims_what_its_evidence_does_not_carry(seen: Seen) -> None:
    found = verdicts(seen.last)
    ours = [found[domain.id] for domain in seen.data.organisation.domains("JP") if domain.id in found]
    assert ours.count(Verdict.NOT_ENOUGH_EVIDENCE) >= 3


def test_france_spain_and_italy_show_nothing_yet_in_the_open_round(seen: Seen) -> None:
    for country in ("FR", "ES", "IT"):
        assert pilots(seen.last)[country].hard_met < 5


# Other findings -----------------------------------------------------------------------------------------


def test_every_order_occurs_in_some_country_and_of_some_it_cannot_be_told(seen: Seen) -> None:
    facts = seen.facts[seen.last.round_id]
    found = [
        order_finding(unit.id, seen.last.readings, seen.rules.order, facts).verdict
        for unit in seen.data.organisation.countries
    ]
    assert {entry.id for entry in found if entry} == {entry.id for entry in seen.rules.order.verdicts}
    assert None in found


def test_every_operating_model_occurs(seen: Seen, catalogue: Catalogue) -> None:
    gates = {
        entry.id: [q.id for q in entry.questions.values() if q.gate and q.gate.hard]
        for entry in catalogue.latest_published()
    }
    found = [
        operating_model(unit.id, seen.last.readings, seen.rules.operating_model, gates).chosen
        for unit in seen.data.organisation.of_kind(UnitKind.DOMAIN)
    ]
    assert {entry.id for entry in found if entry} == {
        entry.id for entry in seen.rules.operating_model.classes
    }


def test_every_band_of_risk_occurs_and_of_some_domains_it_cannot_be_told(seen: Seen) -> None:
    bands = {risk.band.id if risk.band else None for risk in seen.last.risks.values()}
    assert bands == {None, *(band.id for band in seen.rules.sustainability.bands)}


def test_every_commonality_occurs(seen: Seen, catalogue: Catalogue) -> None:
    rules = seen.rules.common_or_local.elements
    found = Counter(
        element_finding(
            element.id, {unit: said.use for unit, said in seen.elements.get(element.id, {}).items()}, rules
        ).commonality
        for element in catalogue.elements
    )
    assert {*found, Commonality.ONE_COUNTRY} == set(Commonality)
    assert found[Commonality.COMMON] > found[Commonality.LOCAL]


def test_perception_has_every_kind_somewhere(seen: Seen) -> None:
    found = {view.perceived for of_country in seen.last.views.values() for view in of_country}
    assert {Perceived.ALIKE, Perceived.AMBER, Perceived.RED, Perceived.UNKNOWN} <= found


def test_higher_levels_have_stronger_evidence(seen: Seen) -> None:
    answers = seen.data.answers
    # Ratings of invented situations have no evidence.
    given = answers[(answers["state"] == "answered") & ~answers["question_id"].str.contains("vignette")]
    strength = given["evidence_kind"].map(lambda kind: list(EvidenceKind).index(EvidenceKind(kind)))
    by_level = strength.groupby(given["value"]).mean()
    assert list(by_level.index) == ["1", "2", "3", "4", "5"]
    assert by_level.is_monotonic_increasing
    assert by_level.iloc[-1] - by_level.iloc[0] > 1.5


def test_data_products_go_live_from_round_to_round(seen: Seen) -> None:
    known: list[dict[str, float]] = [
        {
            unit: float(value)
            for (unit, fact), value in seen.facts[entry.round_id].items()
            if fact == LIVE_FACT
        }
        for entry in seen.rounds
    ]
    assert max(known[0].values()) == 0
    for before, after in pairwise(known):
        assert all(after[unit] >= before[unit] for unit in before if unit in after)
        assert sum(after.values()) > sum(before.values())
