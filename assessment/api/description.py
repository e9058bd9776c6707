"""The description of the API as OpenAPI 3.1, made of the same definitions that it is served by."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from assessment.api.negotiation import MEDIA_TYPES, Form
from assessment.api.parameters import PARAMETERS
from assessment.api.problems import MEDIA_TYPE
from assessment.api.resources import RESOURCES, Resource
from assessment.exports.schemas import Field, Table

PREFIX = "/api/v1"
Json = dict[str, Any]

_ABOUT = """\
Read-only. A bearer token opens what its role and unit may read; nothing is written here but when a token was last used,
and that scores, gates or verdicts were handed over.

Each table is JSON in pages, or CSV as a whole: by the end of the address (`.json`, `.csv`), else by `Accept`. Columns and
numbers are those of the data package. What is empty in CSV is `null` in JSON. A page names the next one in `next` and in
the header `Link`. An answer has an entity tag: send it as `If-None-Match`, and what is unchanged is 304 without a body.
`HEAD` gives the headers of `GET`. Every error is a problem document (RFC 9457).
"""
_TYPES = {"date": "string"}
_RULES = {"enum", "minimum", "maximum", "pattern"}
_TAG: Json = {"description": "Of exactly this content.", "schema": {"type": "string"}}
_SAME: Json = {
    "Cache-Control": {"description": "private, no-cache", "schema": {"type": "string"}},
    "ETag": _TAG,
}
_PROBLEMS = {
    "400": "Parameters are unknown, stand twice or can't be used; all are told.",
    "401": "There is no token, or none that opens anything: unknown, revoked, over, or of a unit that was removed.",
    "404": "There is no such round or unit, or it isn't the token's to read.",
    "406": "`Accept` takes neither JSON nor CSV.",
    "409": "The list has changed since the page before; begin again without `after`.",
    "429": "Too many requests with this token, or too many tries from there without a valid one.",
    "500": "A fault of the program, logged under the number that is told.",
    "503": "The database or the questionnaires can't be read now.",
}


@cache
def document() -> Json:
    """The whole description. Treat it as read-only."""
    paths = {path: {"get": operation} for resource in RESOURCES for path, operation in _paths(resource)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mesh Readiness", "version": version("mesh-readiness"), "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths | _open_paths() | _operators_paths(),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Made by the administrator, or the operator's."}
            },
            "schemas": {_named(entry): _row(entry.table) for entry in RESOURCES} | {"Problem": _problem()},
            "responses": {_response(status): _refused(status, words) for status, words in _PROBLEMS.items()},
            "parameters": {name: _parameter(name) for name in PARAMETERS},
        },
    }  # fmt: skip


def _paths(resource: Resource) -> list[tuple[str, Json]]:
    """The addresses of a table: of either form, of JSON, of CSV."""
    forms: dict[str, tuple[Form, ...]] = {"": tuple(Form), ".json": (Form.JSON,), ".csv": (Form.CSV,)}
    return [
        (f"{PREFIX}/{resource.name}{suffix}", _operation(resource, suffix, given))
        for suffix, given in forms.items()
    ]


def _operation(resource: Resource, suffix: str, forms: tuple[Form, ...]) -> Json:
    statuses = ["400", "401", "429", "500", "503"]
    statuses += ["404"] if resource.of_round else []
    statuses += ["409"] if Form.JSON in forms else []
    statuses += ["406"] if len(forms) > 1 else []
    how = {"": "JSON, or CSV by `Accept`", ".json": "JSON", ".csv": "CSV"}[suffix]
    on_record = " Reading it is recorded in the history." if resource.of_round else ""
    return {
        "operationId": resource.name + suffix.replace(".", "_"),
        "summary": f"{resource.summary}: {how}",
        "description": f"A row is {resource.table.row}.{on_record}",
        "parameters": [
            {"$ref": f"#/components/parameters/{name}"} for name in resource.parameters_of(*forms)
        ],
        "responses": {
            "200": _given(resource, forms),
            "304": {"description": "Unchanged since `If-None-Match`.", "headers": _SAME},
            **{name: {"$ref": f"#/components/responses/{_response(name)}"} for name in sorted(statuses)},
        },
    }


def _given(resource: Resource, forms: tuple[Form, ...]) -> Json:
    headers: Json = dict(_SAME)
    content: Json = {}
    if Form.JSON in forms:
        content[MEDIA_TYPES[Form.JSON]] = {"schema": _list(f"#/components/schemas/{_named(resource)}")}
        link = "The next page, as `next` in the body; absent on the last page."
        headers["Link"] = {"description": link, "schema": {"type": "string"}}
    if Form.CSV in forms:
        columns = ", ".join(resource.table.columns)
        words = f"UTF-8, lines end with LF, texts in quotes, missing values empty. Columns: {columns}."
        content[MEDIA_TYPES[Form.CSV]] = {"schema": {"type": "string", "description": words}}
        headers["Content-Disposition"] = {"description": "A name for the file.", "schema": {"type": "string"}}
    return {"description": resource.summary, "headers": headers, "content": content}


def _list(row: str) -> Json:
    following = {
        "type": ["string", "null"],
        "description": "The address of the next page; null: this is the last.",
    }
    return {
        "type": "object", "required": ["items", "next"], "additionalProperties": False,
        "properties": {"items": {"type": "array", "items": {"$ref": row}}, "next": following},
    }  # fmt: skip


def _row(table: Table) -> Json:
    """A row as JSON Schema: every column is there, null where it is empty."""
    return {
        "type": "object", "description": f"A row is {table.row}.", "required": table.columns,
        "additionalProperties": False, "properties": {field.name: _value(field) for field in table.fields},
    }  # fmt: skip


def _value(field: Field) -> Json:
    rules = {name: value for name, value in field.constraints.items() if name in _RULES}
    kind = _TYPES.get(field.type, field.type)
    schema: Json = {"type": kind, "description": field.description, **rules}
    if field.type == "date":
        schema["format"] = "date"
    if field.type == "object":
        schema["additionalProperties"] = {"type": "string"}
    if field.constraints.get("required"):
        return schema
    nullable = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | nullable | {"type": [kind, "null"]}


def _parameter(name: str) -> Json:
    known = PARAMETERS[name]
    return {"name": name, "in": "query", "description": known.description, "schema": dict(known.schema)}


def _problem() -> Json:
    text = {"type": "string"}
    fault = {
        "type": "object", "required": ["parameter", "detail"], "additionalProperties": False,
        "properties": {"parameter": text, "detail": text},
    }  # fmt: skip
    return {
        "type": "object", "description": "What is wrong (RFC 9457).", "additionalProperties": False,
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": text, "title": text, "status": {"type": "integer"}, "detail": text,
            "problems": {"type": "array", "items": fault, "description": "Everything that is wrong with the parameters."},
        },
    }  # fmt: skip


def _refused(status: str, words: str) -> Json:
    wait = {"description": "In how many seconds to try again.", "schema": {"type": "integer", "minimum": 1}}
    return {
        "description": words,
        **({"headers": {"Retry-After": wait}} if status == "429" else {}),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _open_paths() -> Json:
    """What needs no token."""
    faults = {name: {"$ref": f"#/components/responses/{_response(name)}"} for name in ("500", "503")}
    status = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
    health = {"200": {"description": "Yes.", "content": {MEDIA_TYPES[Form.JSON]: {"schema": status}}}}
    described = {
        "200": {
            "description": "OpenAPI 3.1.", "headers": _SAME,
            "content": {MEDIA_TYPES[Form.JSON]: {"schema": {"type": "object"}}},
        },
        "304": {"description": "Unchanged since `If-None-Match`.", "headers": _SAME},
    }  # fmt: skip
    summaries = {
        f"{PREFIX}/openapi.json": ("This description", described),
        "/healthz": ("Whether the process is alive", health),
        "/readyz": ("Whether it can serve", health),
    }
    return {
        path: {"get": {"summary": summary, "operationId": path.split("/")[-1].split(".")[0], "security": [], "responses": responses | faults}}
        for path, (summary, responses) in summaries.items()
    }  # fmt: skip


def _operators_paths() -> Json:
    """What the monitoring's token opens, or the operator's, and none that was made."""
    content = {
        kind: {"schema": {"type": "string"}} for kind in ("text/plain", "application/openmetrics-text")
    }
    faults = {name: {"$ref": f"#/components/responses/{_response(name)}"} for name in ("401", "429", "500")}
    return {
        "/metrics": {
            "get": {
                "summary": "What the process counted, for monitoring", "operationId": "metrics",
                "description": "Text of Prometheus, or of OpenMetrics by `Accept`; for the monitoring's token, or the operator's.",
                "responses": {"200": {"description": "All series.", "content": content}} | faults,
            }
        }
    }  # fmt: skip


def _named(resource: Resource) -> str:
    return resource.name.removesuffix("s").title()


def _response(status: str) -> str:
    return f"Problem{status}"
