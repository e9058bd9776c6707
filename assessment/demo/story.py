"""What happens in the invented group, country by country: the numbers behind its answers, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assessment.organisation import Organisation

_GOVERNANCE, _OWNERSHIP = "data-governance", "domain-ownership"
#: Hard gates that a country and its domains answer apart: who owns what.
_WHO_OWNS = ("dgm-owner-named", "dor-domain-boundary", "dor-business-lead", "dor-producer-owner")


@dataclass(frozen=True, slots=True)
class Course:
    """How a unit goes from the first round to the last, in levels, and what is known of it.

    `start` is the level of its usual question at first, `first` what it gains until the middle of the way and `then`
    what it gains from there on. `lifts` are levels more or less, by id of a questionnaire or a question, `turns` those
    that come in the second half only; `gates` lifts every hard gate, because people work on those first. `spread` is
    how far its questions lie apart. Of its answers, the share `lag` has evidence for a level less than it claims,
    and the share `dont_know`, or that of the questionnaire in `blind`, is "don't know". `products` go live in each half
    of the way; the share `stale` of them nobody looks after in the end.
    """

    start: float = 2.1
    first: float = 0.4
    then: float = 0.4
    gates: float = 0.2
    lifts: Mapping[str, float] = field(default_factory=dict)
    turns: Mapping[str, float] = field(default_factory=dict)
    spread: float = 0.45
    lag: float = 0.3
    dont_know: float = 0.03
    blind: Mapping[str, float] = field(default_factory=dict)
    products: float = 0.7
    stale: float = 0.1


@dataclass(frozen=True, slots=True)
class Story:
    """A country's course, that of its domains, and those of single domains by family; `legal_driver` None is unknown."""

    country: Course
    domains: Course
    single: Mapping[str, Course] = field(default_factory=dict)
    legal_driver: bool | None = False


_USUAL = Course()
#: A domain that was chosen for a first pilot: prerequisites come first, and somebody looks for the evidence.
_PILOT = Course(start=1.7, first=0.6, then=0.9, gates=1.0, spread=0.25, lag=0.02, dont_know=0.0, products=1.6)
#: Carries what its domains' pilots need.
_FORERUNNER = Course(start=1.9, first=0.6, then=0.8, gates=0.9, spread=0.25, lag=0.02, dont_know=0.0)

_GERMANY = Story(
    # The forerunner: most of its gates are passed, and the first domains can begin.
    replace(_FORERUNNER, lifts={"dor-producer-owner": -2.2}),
    Course(first=0.5, then=0.5, gates=0.4, products=1.0),
    {
        "sales": replace(
            _PILOT, start=2.0, products=2.6,
            lifts={_OWNERSHIP: 0.7, "dor-central-dependency": 0.8, "spr-publish-unaided": 0.8, "dgm-federated-forum": 0.8},
        ),
        "finance": _PILOT,
        # Ready but for two floors: nobody has compared it with its twins abroad, and it has no templates.
        "operations": replace(_PILOT, lifts={"dor-country-twin": -3.0, "spr-templates": -3.0}),
    },
    legal_driver=True,
)  # fmt: skip
_NETHERLANDS = Story(
    # The second: sales and supply can begin, and customer service shows how ownership fades after first products.
    replace(_FORERUNNER, lifts=dict.fromkeys(_WHO_OWNS, -1.8)),
    Course(gates=0.4, products=1.0, lifts=dict.fromkeys(_WHO_OWNS, -0.5)),
    {
        "sales": _PILOT,
        "supply": replace(_PILOT, lifts={"dgm-shared-identifiers": -3.0}),
        "service": Course(
            start=2.6, first=0.5, then=0.0, dont_know=0.0, products=2.0, stale=0.45,
            lifts=dict.fromkeys(_WHO_OWNS, -0.2),
            turns={
                "dor-protected-capacity": -2.0, "dor-beyond-mvp": -2.2, "dor-incentives": -1.4, "dor-data-priority": -1.2,
                "dor-product-owner-time": -1.4, "dor-demand-surge": -1.0,
            },
        ),
    },
)  # fmt: skip
_POLAND = Story(
    # Stalled since its sponsor left; law and labels stood before, and money still follows the strategy.
    Course(
        start=2.6, first=0.1, then=-0.1, dont_know=0.0,
        lifts={
            "dgm-exec-sponsor": 0.3, "dgm-data-strategy": 0.5, "dgm-classification": 0.5, "dgm-access-rules": 0.5,
            "dgm-regulatory-map": 0.5, "dgm-owner-named": -0.5,
        },
        turns={"dgm-exec-sponsor": -2.2},
    ),
    Course(
        start=2.3, first=0.1, then=-0.1, products=0.6, lifts={"dgm-classification": 0.3, "dgm-access-rules": 0.3},
    ),
)  # fmt: skip
_SWEDEN = Story(
    # Ownership ran ahead: domains build and run what they share, each by rules of its own.
    Course(
        dont_know=0.0,
        lifts={
            _GOVERNANCE: -0.6, _OWNERSHIP: 0.8,
            "dgm-exec-sponsor": 1.6, "dgm-classification": -0.8, "dgm-access-rules": -0.4,
        },
    ),
    Course(
        spread=0.7, products=1.4,
        lifts={
            _GOVERNANCE: -0.6, _OWNERSHIP: 0.8, "dor-central-dependency": 1.0,
            "dgm-exec-sponsor": 1.0, "dgm-federated-forum": -1.0, "dgm-classification": -0.5,
        },
    ),
)  # fmt: skip
_BRITAIN = Story(
    # Governance ran ahead: the rules stand and are kept, and the domains still wait for the central team.
    Course(dont_know=0.0, lifts={_GOVERNANCE: 0.9, _OWNERSHIP: -0.6}),
    Course(products=0.5, lifts={_GOVERNANCE: 0.9, _OWNERSHIP: -0.6, "dor-central-dependency": -0.9}),
)
_UNITED_STATES = Story(
    # The lead sees two levels more than the domains do.
    Course(start=2.3, first=0.4, then=0.5, spread=0.3),
    Course(start=1.5, first=0.1, then=0.1, spread=0.3, products=0.5),
)
_BRAZIL = Story(
    # Began late and rises fast; neither a sponsor nor a strategy carries it yet.
    Course(
        start=1.2, first=0.4, then=0.6, gates=0.0, dont_know=0.02, lifts={"dgm-exec-sponsor": -0.8, "dgm-data-strategy": -0.8},
    ),
    Course(start=1.3, first=0.4, then=0.6, gates=0.0, dont_know=0.06, products=0.2),
)  # fmt: skip
_INDIA = Story(
    # The lead claims governance of which too many domains don't know.
    Course(start=2.1, gates=0.5, spread=0.2, lag=0.8, dont_know=0.0),
    Course(start=2.2, gates=0.9, spread=0.35, lag=0.1, dont_know=0.02, blind={_GOVERNANCE: 0.4}),
)
_JAPAN = Story(
    # A law sets a date, and much is claimed that no evidence carries yet.
    Course(start=2.0, gates=0.6, spread=0.25, lag=0.8, dont_know=0.0, lifts={"dgm-owner-named": -1.5}),
    Course(start=2.0, gates=0.6, spread=0.25, lag=0.8, dont_know=0.02),
    legal_driver=True,
)
_SPAIN = Story(
    # Hardly moves, and has not begun in the last round.
    Course(start=1.9, first=0.2, then=0.1),
    Course(start=1.9, first=0.2, then=0.1, products=0.5),
    legal_driver=None,
)
_ITALY = Story(
    # Claimed a leap in the last round, which the reviewer sent back.
    Course(start=1.9, first=0.2, then=1.5, lag=0.9),
    Course(start=2.0, first=0.3, then=0.5),
)
#: By country; further countries go through the same again, in this order.
_STORIES: Mapping[str, Story] = {
    "FR": Story(_USUAL, _USUAL), "DE": _GERMANY, "ES": _SPAIN, "IT": _ITALY, "PL": _POLAND, "NL": _NETHERLANDS,
    "SE": _SWEDEN, "GB": _BRITAIN, "US": _UNITED_STATES, "BR": _BRAZIL, "IN": _INDIA, "JP": _JAPAN,
}  # fmt: skip


def stories(organisation: Organisation) -> dict[str, Story]:
    """The story of each country."""
    unknown = [unit.id for unit in organisation.countries if unit.id not in _STORIES]
    again = list(_STORIES.values())
    further = {unit_id: again[n % len(again)] for n, unit_id in enumerate(unknown)}
    return {unit.id: _STORIES.get(unit.id) or further[unit.id] for unit in organisation.countries}


def courses(organisation: Organisation) -> dict[str, Course]:
    """The course of each country and domain."""
    found: dict[str, Course] = {}
    for country_id, story in stories(organisation).items():
        found[country_id] = story.country
        for domain in organisation.domains(country_id):
            found[domain.id] = story.single.get(domain.domain_family, story.domains)
    return found
