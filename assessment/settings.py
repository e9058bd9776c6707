"""The environment, or a settings file, as one frozen value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from assessment.errors import (
    ADDRESS_OPEN,
    SETTING_INVALID,
    SETTING_UNKNOWN,
    SETTING_UNREADABLE,
    Problem,
    SettingsError,
    listed,
    suggestion,
)

PREFIX = "MESH_READINESS_"
FILE_SETTING = f"{PREFIX}SETTINGS"
#: The addresses that only this machine reaches.
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseModel):
    """What an operator can choose; docs/settings.md describes each field.

    Every field is read from `MESH_READINESS_<FIELD>`, else from the file that `MESH_READINESS_SETTINGS`
    names (TOML, the field's name in lower case), else it has the default below.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = f"sqlite:///{_PROJECT / 'var' / 'mesh-readiness.db'}"
    questionnaires: Path = _PROJECT / "questionnaires"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    sign_in: Literal["none", "links"] = "none"
    https_only: bool = False
    anyone_on_the_network_may_act_as_anybody: bool = False
    api_token: SecretStr | None = Field(default=None, min_length=32)


def load_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that `environment` (and the file it names) asks for.

    Raises:
        SettingsError: Every unknown name and unusable value, together.
    """
    file = environment.get(FILE_SETTING)
    values = _from_file(Path(file)) if file else {}
    values |= {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != FILE_SETTING
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_problem(dict(detail), file) for detail in error.errors()) from None


def require_local(address: str | None, settings: Settings) -> None:
    """Nothing, when people sign in, or the server listens to this machine only, or the operator said that it needn't.

    Without sign-in whoever reaches the port may act in any role.

    Raises:
        SettingsError: The server would listen to others.
    """
    if settings.sign_in != "none" or address in LOOPBACK or settings.anyone_on_the_network_may_act_as_anybody:
        return
    name = f"{PREFIX}ANYONE_ON_THE_NETWORK_MAY_ACT_AS_ANYBODY"
    raise SettingsError([ADDRESS_OPEN.at("server.address", 0, address=address or "not set", name=name)])


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError([SETTING_UNREADABLE.at(str(path), 0, reason=error)]) from None


def _problem(detail: Mapping[str, Any], file: str | None) -> Problem:
    name = str(detail["loc"][0])
    source = f"environment or {file}" if file else "environment"
    shown = PREFIX + name.upper()
    if detail["type"] == "extra_forbidden":
        known = [PREFIX + field.upper() for field in Settings.model_fields]
        # Judged without the prefix, which would make every name a near miss.
        near = suggestion(shown, known) if suggestion(name, Settings.model_fields) else ""
        return SETTING_UNKNOWN.at(source, 0, name=shown, suggestion=near, known=listed(known))
    # A secret must not reach a log through its own error message.
    value = "…" if "token" in name else detail["input"]
    return SETTING_INVALID.at(source, 0, name=shown, value=value, rule=detail["msg"])
