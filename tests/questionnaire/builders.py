"""Small questionnaires as plain data, and files of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assessment.errors import Message, Problem, QuestionnaireError
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.models import Questionnaire

SCALE = [{"level": 1, "name": "Initial"}, {"level": 2, "name": "Defined"}, {"level": 3, "name": "Managed"}]
LEVELS = {"1": "None can be named.", "2": "One is named.", "3": "One acts."}

#: A questionnaire as an author writes it, to be spoilt.
GOOD = """\
id: example
version: 1.0.0
title: Who decides?
scale:
  - {level: 1, name: Initial}
  - {level: 2, name: Defined}
dimensions:
  - id: direction
    title: Direction
    questions:
      - id: sponsor
        prompt: Has anybody decided?
        units: [country]
        levels:
          1: No
          2: Yes, 100 %, – or so
"""


def question(identifier: str = "sponsor", **fields: Any) -> dict[str, Any]:
    """A question of a level scale, unless `fields` bring options."""
    choices = {} if "options" in fields else {"levels": LEVELS}
    return {
        "id": identifier,
        "prompt": f"Who is the {identifier}?",
        "units": ["country"],
        **choices,
        **fields,
    }


def dimension(identifier: str, *questions: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": identifier, "title": f"About {identifier}", "questions": list(questions), **fields}


def questionnaire(*dimensions: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A draft with one dimension of one question, unless there are `dimensions`."""
    head = {"id": "example", "version": "1.0.0", "title": "An example", "scale": SCALE}
    return {**head, "dimensions": list(dimensions) or [dimension("direction", question())], **fields}


def as_yaml(data: Any) -> bytes:
    """JSON is YAML, and needs no writer that could quote in its own way."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def put(folder: Path, data: Mapping[str, Any], place: str = "") -> Path:
    """Write the questionnaire where its id and version belong, or at another `<id>/<version>`."""
    file = folder / (place or f"{data['id']}/{data['version']}") / "questionnaire.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(as_yaml(data))
    return file


def refusal(content: bytes, source: str = "f.yaml") -> tuple[Problem, ...]:
    """What is wrong with a file that must not load; at least one thing."""
    with pytest.raises(QuestionnaireError) as refused:
        load_questionnaire(content, source)
    assert refused.value.problems, "refused without a reason"
    return refused.value.problems


def load(text: str) -> Questionnaire:
    return load_questionnaire(text.encode(), "f.yaml")


def assert_refused(content: bytes | str, line: int, message: Message, **values: object) -> None:
    """The file is refused for this one reason, in these words."""
    data = content.encode() if isinstance(content, str) else content
    assert refusal(data) == (message.at("f.yaml", line, **values),)
