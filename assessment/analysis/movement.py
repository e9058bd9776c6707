"""Who moved between two rounds, and why: each change taken apart into what brought it about.

The earlier score becomes the later one in steps, and each step belongs to one cause; so the parts add up to the change:
the questions that both versions ask, the later version's weights, what one round doesn't know, the answers that both
rounds gave, and what the later version asks besides. A country by its domains adds who is in its mean.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assessment.analysis.matched import LEAST_SHARED, Cause, Matched, matched
from assessment.organisation import Organisation
from assessment.scoring.aggregates import Array
from assessment.scoring.plan import NOT_APPLICABLE
from assessment.scoring.table import Basis, ScoringInput

_KEY = ["unit_id", "basis", "questionnaire_id", "dimension_id"]
_WHOSE = ["country_id", "questionnaire_id", "dimension_id"]


class Refusal(StrEnum):
    """Why a change isn't taken apart."""

    NOT_ASKED_THEN = "not_asked_then"
    NO_SCORE_THEN = "no_score_then"
    NO_SCORE_NOW = "no_score_now"
    TOO_LITTLE_IN_COMMON = "too_little_in_common"
    NO_DOMAIN_IN_BOTH = "no_domain_in_both"


CAUSES = tuple(map(str, Cause))


def movement_table(data: ScoringInput, scores: pd.DataFrame, then_id: str, now_id: str) -> pd.DataFrame:
    """Every change of a node's score from the round `then_id` to the round `now_id`.

    Args:
        data: The answers that the scores were made of.
        scores: The score table of both rounds at least.
        then_id: The earlier round.
        now_id: The later round.

    Returns:
        A row per unit, basis, questionnaire and node that the later round asks, in the score table's order, with
        `then`, `now`, `change`, `level_then`, `level_now`, `versions_differ`, a column for each of `CAUSES`, `shared`
        (the part of the applicable weight that both rounds counted) and `refusal` ('' when the change is taken apart).
        The causes add up to `change`, and are NaN where it isn't.
    """
    rows = _both_rounds(scores, then_id, now_id)
    own = rows[rows["basis"] == Basis.OWN]
    parts = [_parts(both) for both in matched(data, own[own["dimension_id"] == ""], then_id, now_id)]
    found = pd.concat(parts) if parts else pd.DataFrame(columns=[*_KEY, *CAUSES, "shared"])
    own = _refused(own.merge(found, on=_KEY, how="left"))
    by_domains = _by_domains(rows[rows["basis"] == Basis.DOMAINS], own, data.organisation)
    table = pd.concat([own, by_domains])
    return table[table["is_now"]].sort_values("place").reset_index(drop=True)


def gains(table: pd.DataFrame, questionnaire_id: str, basis: Basis) -> dict[str, float]:
    """Each unit's change of the whole score but for what another version made of it: other questions, other weights.

    `table` is a movement table; units whose change isn't taken apart are left out.
    """
    mine = table["questionnaire_id"].eq(questionnaire_id) & table["basis"].eq(basis)
    split = table[mine & table["dimension_id"].eq("") & table["refusal"].eq("")]
    from_version = split[Cause.QUESTIONS] + split[Cause.WEIGHTS]
    return dict(zip(split["unit_id"], split["change"] - from_version, strict=True))


def _both_rounds(scores: pd.DataFrame, then_id: str, now_id: str) -> pd.DataFrame:
    """What each node had in the two rounds; also units that only the earlier one asked, which leave a country's mean."""
    columns = [*_KEY, "unit_kind", "questionnaire_version", "dimension_title", "score", "level"]
    then, now = (scores.loc[scores["round_id"] == name, columns] for name in (then_id, now_id))
    now = now.assign(place=range(len(now)), is_now=True)
    rows = then.merge(now, on=[*_KEY, "unit_kind"], how="outer", suffixes=("_then", "_now"))
    names = {"score_then": "then", "score_now": "now", "questionnaire_version_then": "version_then"}
    rows = rows.rename(columns={**names, "questionnaire_version_now": "version_now"})
    rows["dimension_title"] = rows["dimension_title_now"].fillna(rows["dimension_title_then"])
    rows["is_now"] = rows["is_now"].eq(True)
    rows["versions_differ"] = rows["version_then"].notna() & (rows["version_then"] != rows["version_now"])
    rows["change"] = rows["now"] - rows["then"]
    return rows.drop(columns=["dimension_title_then", "dimension_title_now"])


def _parts(both: Matched) -> pd.DataFrame:
    """The causes and the shared weight of each unit's nodes."""
    as_it_was, only_common = both.old
    reached = both.scores(both.earlier)
    parts = {cause: np.zeros(reached.shape) for cause in Cause}
    parts[Cause.QUESTIONS] += only_common - as_it_was
    parts[Cause.WEIGHTS] += reached - only_common
    for cause, values in both.steps:
        after = both.scores(values)
        parts[cause] += after - reached
        reached = after
    shared = _shared_weight(both)
    nodes, units = len(both.plan.nodes), len(both.units)
    return pd.DataFrame(
        {
            "unit_id": np.repeat(np.array(both.units, dtype=object), nodes),
            "basis": str(Basis.OWN),
            "questionnaire_id": both.plan.questionnaire.id,
            "dimension_id": [node.id or "" for node in both.plan.nodes] * units,
            "shared": shared.reshape(-1),
            **{str(cause): values.reshape(-1) for cause, values in parts.items()},
        }
    )


def _shared_weight(both: Matched) -> Array:
    """Units × nodes: the part of the applicable weight that both rounds counted; 0 where nothing applies."""
    weights = both.plan.effective_weights.T
    applicable: Array = (both.codes_now != NOT_APPLICABLE) @ weights
    shared: Array = both.counted @ weights
    return np.divide(shared, applicable, out=np.zeros_like(shared), where=applicable > 0)


def _refused(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the reason where a change isn't taken apart, and no parts there."""
    is_split = rows[list(CAUSES)].notna().all(axis=1) & (rows["shared"] >= LEAST_SHARED - 1e-9)
    reasons = [
        (rows["version_then"].isna(), Refusal.NOT_ASKED_THEN),
        (rows["then"].isna(), Refusal.NO_SCORE_THEN),
        (rows["now"].isna(), Refusal.NO_SCORE_NOW),
        (~is_split, Refusal.TOO_LITTLE_IN_COMMON),
    ]
    conditions, names = zip(*reasons, strict=True)
    return _without_parts(rows, np.select(list(conditions), [str(name) for name in names], ""))


def _without_parts(rows: pd.DataFrame, refusal: NDArray[np.object_]) -> pd.DataFrame:
    parts = np.where(refusal[:, None] == "", rows[list(CAUSES)].to_numpy(float), np.nan)
    return rows.assign(
        **dict(zip(CAUSES, parts.T, strict=True)), shared=rows["shared"].astype(float), refusal=refusal
    )


def _by_domains(rows: pd.DataFrame, own: pd.DataFrame, organisation: Organisation) -> pd.DataFrame:
    """Countries by the mean of their domains: the mean part of those in both rounds, and who came and went."""
    if rows.empty:
        return rows.assign(**dict.fromkeys([*CAUSES, "shared"], np.nan), refusal="")
    stayed = _stayed(own, organisation)
    found = rows.rename(columns={"unit_id": "country_id"}).merge(stayed, on=_WHOSE, how="left")
    came = found["now"] - found["stayed_now"]
    went = found["stayed_then"] - found["then"]
    found = found.assign(membership=came + went).rename(columns={"country_id": "unit_id"})
    found = _refused(found)
    nobody = (found["refusal"] == Refusal.TOO_LITTLE_IN_COMMON) & found["stayed_then"].isna()
    found["refusal"] = found["refusal"].mask(nobody, str(Refusal.NO_DOMAIN_IN_BOTH))
    return found.drop(columns=["stayed_then", "stayed_now"])


def _stayed(own: pd.DataFrame, organisation: Organisation) -> pd.DataFrame:
    """The mean of the domains that have a score in both rounds, by country and node, and of their parts."""
    parents = {unit.id: unit.parent_id or "" for unit in organisation.units.values()}
    domains = own[(own["unit_kind"] == "domain") & own["change"].notna()]
    is_split = domains["refusal"] == ""
    parts = domains[list(CAUSES)].where(is_split, 0.0)
    parts[str(Cause.UNDIVIDED)] = domains["change"].mask(is_split, 0.0)
    domains = domains.assign(
        **parts,
        country_id=domains["unit_id"].map(parents),
        stayed_then=domains["then"],
        stayed_now=domains["now"],
    )
    wanted = [
        *(cause for cause in CAUSES if cause != Cause.MEMBERSHIP),
        "shared",
        "stayed_then",
        "stayed_now",
    ]
    return domains.groupby(_WHOSE, sort=False)[wanted].mean().reset_index()
