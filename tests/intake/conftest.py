"""A small catalogue and organisation that the files of these tests are about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assessment.errors import IntakeError, Problem
from assessment.organisation import Organisation, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.models import Questionnaire, UnitKind

LEVELS = {str(level): f"Descriptor {level}" for level in range(1, 6)}
SCALE = [{"level": level, "name": f"Level {level}"} for level in range(1, 6)]
BOTH = ["country", "domain"]


def question(identifier: str, units: list[str], **more: object) -> dict[str, object]:
    answers = {} if "options" in more else {"levels": LEVELS}
    return {"id": identifier, "prompt": "How?", "units": units, **answers, **more}


def options(*pairs: tuple[str, float]) -> list[dict[str, object]]:
    return [{"id": option, "label": f"Label {option}", "value": value} for option, value in pairs]


def governance(version: str, *extra: str) -> Questionnaire:
    direction = {
        "id": "direction",
        "title": "Direction",
        "questions": [
            question("dgm-sponsor", BOTH),
            question("dgm-strategy", ["country"]),
            question("dgm-owner", ["domain"]),
            *(question(identifier, BOTH) for identifier in extra),
        ],
    }
    return Questionnaire.model_validate(
        {
            "id": "data-governance",
            "version": version,
            "title": "Governance",
            "scale": SCALE,
            "dimensions": [direction],
        }
    )


def open_data() -> Questionnaire:
    return Questionnaire.model_validate(
        {
            "id": "open-data",
            "version": "2.0.0",
            "title": "Open data",
            "scale": {"minimum": 0, "maximum": 1},
            "dimensions": [
                {
                    "id": "policy",
                    "title": "Policy",
                    "questions": [
                        question("od-policy", BOTH, options=options(("yes-all", 1), ("No", 0), ("3", 0.5))),
                        question("od-case", BOTH, options=options(("A", 1), ("a", 0))),
                        question("od-grade", BOTH, options=options(("A", 1), ("B", 0))),
                    ],
                }
            ],
        }
    )


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return catalogue_of([governance("1.0.0"), governance("1.1.0", "dgm-new"), open_data()])


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return organisation_of(
        [
            Unit("ACME", "Acme", UnitKind.GROUP),
            Unit("FR", "France", UnitKind.COUNTRY, "ACME"),
            Unit("FR.sales", "Sales", UnitKind.DOMAIN, "FR"),
        ]
    )


@pytest.fixture(scope="session")
def refused() -> Callable[[Callable[[], object]], tuple[Problem, ...]]:
    """The problems with which a reading is refused."""

    def problems_of(read: Callable[[], object]) -> tuple[Problem, ...]:
        with pytest.raises(IntakeError) as caught:
            read()
        return caught.value.problems

    return problems_of
