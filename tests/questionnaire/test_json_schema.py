"""The schemas that editors read: every shipped file fits its own, and what authors often get wrong doesn't."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from assessment.questionnaire.json_schema import schemas
from assessment.questionnaire.yaml_source import read_yaml
from tests.questionnaire.builders import GOOD, dimension, question, questionnaire

FOLDER = Path(__file__).parents[2] / "questionnaires"
FRENCH = Path(__file__).parent / "languages" / "fr.yaml"
SCHEMAS: dict[str, dict[str, Any]] = {
    name.removesuffix(".schema.json"): json.loads(content) for name, content in schemas().items()
}
#: The files that are shipped, each with the name of its schema.
SHIPPED = [
    *((file, "questionnaire") for file in sorted(FOLDER.glob("*/*/questionnaire.yaml"))),
    *((file, "verdicts") for file in sorted(FOLDER.glob("verdicts/*.yaml"))),
    *((file, "translation") for file in [*sorted(FOLDER.glob("*/*/lang/*.yaml")), FRENCH]),
    *((file, "crosswalk") for file in sorted(FOLDER.glob("crosswalks/*/*.yaml"))),
    *((FOLDER / f"{name}.yaml", name) for name in ("facts", "elements", "principles")),
]

Edit = Callable[[Any], object]


def data_of(content: bytes, name: str) -> Any:
    document = read_yaml(content, name)
    assert not document.problems, document.problems
    return document.data


def faults(data: Any, schema: str) -> list[tuple[str, str]]:
    """What a validator of the standard finds: the place and the rule, at any depth."""
    found = []
    stack = list(Draft202012Validator(SCHEMAS[schema]).iter_errors(data))
    while stack:
        error = stack.pop()
        found.append(("/".join(str(part) for part in error.absolute_path), str(error.validator)))
        stack += error.context or []
    return sorted(found)


# What fits --------------------------------------------------------------------------------------------------------


def test_there_is_a_schema_for_every_kind_of_file() -> None:
    assert set(SCHEMAS) == {
        "questionnaire",
        "translation",
        "facts",
        "elements",
        "principles",
        "verdicts",
        "crosswalk",
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_itself_valid_and_says_which_draft_it_is(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_shipped_file_has_a_schema() -> None:
    assert {file for file, _ in SHIPPED} >= set(FOLDER.rglob("*.yaml"))


@pytest.mark.parametrize(
    ("file", "schema"), SHIPPED, ids=[f"{file.parent.parent.name}-{file.stem}" for file, _ in SHIPPED]
)
def test_every_shipped_file_fits_its_schema(file: Path, schema: str) -> None:
    assert faults(data_of(file.read_bytes(), file.name), schema) == []


@pytest.mark.parametrize(
    "data",
    [
        questionnaire(),
        data_of(GOOD.encode(), "good"),
        questionnaire(scale={"levels": [{"level": 1, "name": "Low"}, {"level": 2, "name": "High"}]}),
        questionnaire({"id": "outer", "title": "Outer", "dimensions": [dimension("inner", question())]}),
        questionnaire(
            dimension("d", question(options=[{"id": "no", "label": "No", "value": 0}])),
            scale={"minimum": 0, "maximum": 1},
        ),
        questionnaire(
            dimension("d", question(gate={"level": 2, "hard": True}, show_when={"question": "q", "at_least": 2}))
        ),
    ],
    ids=["small", "as authors write", "levels written out", "nested", "own options", "gate and condition"],
)  # fmt: skip
def test_every_way_of_writing_a_questionnaire_fits(data: Any) -> None:
    assert faults(data, "questionnaire") == []


# What doesn't -----------------------------------------------------------------------------------------------------


def first_question(data: Any) -> Any:
    return data["dimensions"][0]["questions"][0]


OPTIONS = [{"id": "no", "label": "No", "value": 1}, {"id": "yes", "label": "Yes", "value": 2}]
AT_QUESTION = "dimensions/0/questions/0"


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda data: data.update(titel="x"), ("", "additionalProperties")),
        (lambda data: data.pop("title"), ("", "required")),
        (lambda data: data.pop("scale"), ("", "required")),
        (lambda data: data.update(version="1.0"), ("version", "pattern")),
        (lambda data: data.update(status="final"), ("status", "enum")),
        (lambda data: data.update(dimensions=[]), ("dimensions", "minItems")),
        (lambda data: data.update(scale=data["scale"][:1]), ("scale", "minItems")),
        (lambda data: data["scale"][0].update(nmae="x"), ("scale/0", "additionalProperties")),
        (lambda data: first_question(data).pop("prompt"), (AT_QUESTION, "required")),
        (lambda data: first_question(data).update(promt="x"), (AT_QUESTION, "additionalProperties")),
        (lambda data: first_question(data).update(title="x" * 41), (f"{AT_QUESTION}/title", "maxLength")),
        (lambda data: first_question(data).update(title="One\nand two"), (f"{AT_QUESTION}/title", "pattern")),
        (lambda data: first_question(data).update(prompt=""), (f"{AT_QUESTION}/prompt", "minLength")),
        (lambda data: first_question(data).update(units=["group"]), (f"{AT_QUESTION}/units/0", "enum")),
        (lambda data: first_question(data).update(weight=-1), (f"{AT_QUESTION}/weight", "minimum")),
        (lambda data: first_question(data).update(weight="3"), (f"{AT_QUESTION}/weight", "type")),
        (lambda data: first_question(data).update(effort=4), (f"{AT_QUESTION}/effort", "maximum")),
        (lambda data: first_question(data).update(id="Exec Sponsor"), (f"{AT_QUESTION}/id", "pattern")),
        (lambda data: first_question(data).update(options=OPTIONS), (AT_QUESTION, "oneOf")),
        (lambda data: first_question(data).pop("levels"), (AT_QUESTION, "oneOf")),
        (lambda data: first_question(data)["levels"].update(one="x"), (f"{AT_QUESTION}/levels", "additionalProperties")),
        (lambda data: data.update(vignettes=[{"id": "a", "question": "q", "level": 1}]), ("vignettes/0", "required")),
        (lambda data: data.update(scoring={"dont_know": "zero"}), ("scoring/dont_know", "enum")),
    ],
)  # fmt: skip
def test_a_questionnaire_with_a_mistake_of_form_does_not_fit(edit: Edit, fault: tuple[str, str]) -> None:
    data = questionnaire()
    data = json.loads(json.dumps(data))
    assert faults(data, "questionnaire") == []
    edit(data)
    assert fault in faults(data, "questionnaire")


@pytest.mark.parametrize(
    ("name", "edit", "fault"),
    [
        ("facts", lambda data: data["facts"][0].update(type="numbr"), ("facts/0/type", "enum")),
        ("facts", lambda data: data["facts"][0].update(unit_kinds=[]), ("facts/0/unit_kinds", "minItems")),
        ("facts", lambda data: data["facts"][0].pop("prompt"), ("facts/0", "required")),
        ("elements", lambda data: data["elements"][0].update(kind="thing"), ("elements/0/kind", "enum")),
        ("elements", lambda data: data["elements"][0].update(sumary="x"), ("elements/0", "additionalProperties")),
        ("principles", lambda data: data["principles"][0].pop("if_skipped"), ("principles/0", "required")),
        ("principles", lambda data: data.update(version="1"), ("", "additionalProperties")),
    ],
)  # fmt: skip
def test_a_companion_with_a_mistake_of_form_does_not_fit(
    name: str, edit: Edit, fault: tuple[str, str]
) -> None:
    data = data_of((FOLDER / f"{name}.yaml").read_bytes(), name)
    edit(data)
    assert fault in faults(data, name)


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda data: data.update(id="rules"), ("id", "const")),
        (lambda data: data["gates"]["pilot"].update(waivable_floors=-1), ("gates/pilot/waivable_floors", "minimum")),
        (lambda data: data["gates"]["scale"].update(requirements=[]), ("gates/scale/requirements", "minItems")),
        (
            lambda data: data["gates"]["scale"]["requirements"][0].update(of="domain"),
            ("gates/scale/requirements/0/of", "enum"),
        ),
        (lambda data: data["order"].pop("verdicts"), ("order", "required")),
        (lambda data: data["perception"].update(agreemnet=0.8), ("perception", "additionalProperties")),
        (lambda data: data["sustainability"].update(mean_share=50), ("sustainability/mean_share", "maximum")),
    ],
)  # fmt: skip
def test_rules_with_a_mistake_of_form_do_not_fit(edit: Edit, fault: tuple[str, str]) -> None:
    data = data_of((FOLDER / "verdicts" / "1.0.0.yaml").read_bytes(), "verdicts")
    edit(data)
    assert fault in faults(data, "verdicts")


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda data: data.pop("language"), ("", "required")),
        (lambda data: data.update(language="French"), ("language", "pattern")),
        (
            lambda data: data["questions"]["dgm-plain-words"].update(weight=1),
            ("questions/dgm-plain-words", "additionalProperties"),
        ),
    ],
)  # fmt: skip
def test_a_translation_with_a_mistake_of_form_does_not_fit(edit: Edit, fault: tuple[str, str]) -> None:
    data = data_of(FRENCH.read_bytes(), "fr")
    edit(data)
    assert fault in faults(data, "translation")


# What editors show ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("Questionnaire", "version"), ("Questionnaire", "scale"), ("Question", "id"), ("Question", "title"),
        ("Question", "weight"),
        ("Question", "core"), ("Question", "phase"), ("Question", "gate"), ("Question", "effort"),
        ("Question", "requires"), ("Question", "show_when"), ("Question", "levels"), ("Question", "options"),
        ("Scoring", "minimum_coverage"), ("Vignette", "level"),
    ],
)  # fmt: skip
def test_an_editor_explains_a_key_whose_name_does_not(model: str, key: str) -> None:
    schema = SCHEMAS["questionnaire"]
    properties = (schema if model == "Questionnaire" else schema["$defs"][model])["properties"]
    assert properties[key]["description"].endswith(".")


# What is shipped --------------------------------------------------------------------------------------------------


def test_the_shipped_schemas_are_those_of_the_program() -> None:
    shipped = {file.name: file.read_bytes() for file in (FOLDER / "schema").iterdir()}
    assert shipped == schemas(), "run: mesh-readiness questionnaires schema --out questionnaires/schema"


def test_the_schemas_are_the_same_each_time() -> None:
    assert schemas() == schemas()
