"""How tests call the command line, and what they look at afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from assessment import cli

Run = Callable[..., Any]


def run_command(*arguments: object) -> Any:
    """The result of one command; a crash is no result."""
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def done(result: Any) -> str:
    """What a command said that did its work."""
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return str(result.stdout)


def refused(result: Any, *words: str) -> str:
    """What a command said that refused its input; the words have to be among it."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert all(word in result.stderr for word in words), result.stderr
    return str(result.stderr)


def files_in(folder: Path) -> set[str]:
    """Every file below a folder, half written ones included."""
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
