"""JSON Schemas of the files that authors write: editors complete keys from them and show what a key is for.

Made from the models, so that neither can say what the other doesn't. They check shapes; what values must be against
one another, only the loader knows.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from assessment.questionnaire.companions import Elements, Facts, Principles
from assessment.questionnaire.crosswalks import Crosswalk
from assessment.questionnaire.models import Level, Questionnaire
from assessment.questionnaire.translations import Translation
from assessment.questionnaire.verdicts import VerdictRules

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

#: What a key is for, where its name doesn't say it; shown by editors.
_WHAT_FOR = {
    (
        "Questionnaire",
        "version",
    ): "Semantic: patch = wording, minor = non-core questions, major = anything else.",
    (
        "Questionnaire",
        "scale",
    ): "Levels, lowest first, or `minimum` and `maximum` for a framework's own values.",
    ("Question", "id"): "Permanent and never reused, not even after the question is gone.",
    ("Question", "title"): "A short name for charts and tables, of at most 28 characters.",
    ("Question", "weight"): "Relative to the other questions of its dimension; 0 is shown and not scored.",
    ("Question", "core"): "Keeps its wording between major versions: trends are read from core questions.",
    ("Question", "phase"): "When it matters most. Never a reason not to ask.",
    ("Question", "gate"): "The least level that a pilot needs.",
    ("Question", "effort"): "How much work the next level is, 1 to 3.",
    ("Question", "requires"): "Questions that must stand at the level from which a move of this one starts.",
    ("Question", "show_when"): "Ask this only when another question has at least that value.",
    ("Question", "levels"): "One descriptor for each level of the scale.",
    ("Question", "options"): "Instead of levels: a framework's own answers with their values.",
    ("Scoring", "minimum_coverage"): "Below this share of answered weight a score is withheld.",
    ("Crosswalk", "all_others"): "`same`: what isn't listed is as it was. It is checked.",
    ("Link", "relation"): "What the question is to the one before.",
    ("Link", "into"): "Of a split: the later questions.",
    ("Link", "of"): "Of a merger: the earlier questions.",
    ("Link", "options"): "From an earlier option to the later one, or to null where none says the same.",
    ("Vignette", "level"): "What the author had in mind; never shown to those who rate.",
}


def schemas() -> dict[str, bytes]:
    """The schema files by name."""
    models: dict[str, type[BaseModel]] = {
        "questionnaire": Questionnaire,
        "translation": Translation,
        "facts": Facts,
        "elements": Elements,
        "principles": Principles,
        "verdicts": VerdictRules,
        "crosswalk": Crosswalk,
    }
    return {f"{name}.schema.json": _as_bytes(_schema(model)) for name, model in models.items()}


def _as_bytes(schema: dict[str, Any]) -> bytes:
    return (json.dumps(schema, indent=1, ensure_ascii=False) + "\n").encode()


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(mode="validation")
    if model is Questionnaire:
        _allow_shorthands(schema)
    for name, part in ((model.__name__, schema), *schema.get("$defs", {}).items()):
        for key, field in part.get("properties", {}).items():
            if described := _WHAT_FOR.get((name, key)):
                field["description"] = described
    return {"$schema": _DRAFT, **schema}


def _allow_shorthands(schema: dict[str, Any]) -> None:
    """`scale: [...]` beside the written-out scale, and `levels: {...}` instead of options."""
    level = {"$ref": f"#/$defs/{Level.__name__}"}
    written_out = schema["properties"]["scale"]
    choices = written_out.get("oneOf") or written_out["anyOf"]
    schema["properties"]["scale"] = {"anyOf": [{"type": "array", "items": level, "minItems": 2}, *choices]}
    question = schema["$defs"]["Question"]
    question["properties"]["levels"] = {
        "type": "object",
        "patternProperties": {"^[0-9]+$": {"type": "string", "minLength": 1, "maxLength": 2_000}},
        "additionalProperties": False,
    }
    question["required"] = [key for key in question["required"] if key != "options"]
    question["oneOf"] = [{"required": ["levels"]}, {"required": ["options"]}]
