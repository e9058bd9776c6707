"""The environment, or a settings file, as one frozen value."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)

from assessment.errors import (
    ADDRESS_OPEN,
    SETTING_INVALID,
    SETTING_MISSING,
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
#: What each way of signing in can't do without.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "oidc": ("address", "oidc_issuer", "oidc_client_id", "oidc_client_secret"),
    "proxy": ("proxy_secret",),
}
_PROJECT = Path(__file__).resolve().parent.parent


def _listed_in_text(value: object) -> object:
    """A list as the environment has it: with commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _read_from_text(value: object) -> object:
    """A table as the environment has it: as JSON."""
    return json.loads(value) if isinstance(value, str) else value


Network = IPv4Network | IPv6Network
#: Of this server or another, to which a path is added; and one that a browser is led to as it is.
_Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$")]
_Place = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+(/\S*)?$")]
_HERE = (IPv4Network("127.0.0.1"), IPv6Network("::1"))


class Settings(BaseModel):
    """What an operator can choose; docs/settings.md describes each field.

    Every field is read from `MESH_READINESS_<FIELD>`, else from the file that `MESH_READINESS_SETTINGS`
    names (TOML, the field's name in lower case), else it has the default below.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    # May hold a password: no part of what is printed by accident.
    database_url: str = Field(default=f"sqlite:///{_PROJECT / 'var' / 'mesh-readiness.db'}", repr=False)
    questionnaires: Path = _PROJECT / "questionnaires"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    sign_in: Literal["none", "links", "oidc", "proxy"] = "none"
    https_only: bool = False
    address: _Address | None = None
    groups: Annotated[Mapping[str, tuple[str, ...]], BeforeValidator(_read_from_text)] = {}
    sign_out_address: _Place | None = None
    oidc_issuer: _Address | None = None
    oidc_client_id: str | None = Field(default=None, min_length=1)
    oidc_client_secret: SecretStr | None = Field(default=None, min_length=1)
    oidc_scopes: str = "openid profile email"
    oidc_groups_claim: str = "groups"
    oidc_email_is_verified: bool = False
    proxies: Annotated[tuple[Network, ...], BeforeValidator(_listed_in_text)] = _HERE
    proxy_headers: str = Field(default="X-Forwarded", pattern=r"^[A-Za-z][A-Za-z0-9-]*$")
    proxy_secret: SecretStr | None = Field(default=None, min_length=32)
    anyone_on_the_network_may_act_as_anybody: bool = False
    api_token: SecretStr | None = Field(default=None, min_length=32)
    metrics_token: SecretStr | None = Field(default=None, min_length=32)


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
        settings = Settings.model_validate(values)
    except ValidationError as error:
        # One for each setting: what could be of two kinds fails in both.
        first = {detail["loc"][0]: dict(detail) for detail in reversed(error.errors())}
        raise SettingsError(_problem(detail, file) for detail in reversed(first.values())) from None
    _require_complete(settings, file)
    return settings


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


def _require_complete(settings: Settings, file: str | None) -> None:
    missing = [
        SETTING_MISSING.at(_source(file), 0, name=PREFIX + name.upper(), way=settings.sign_in)
        for name in _NEEDED.get(settings.sign_in, ())
        if getattr(settings, name) is None
    ]
    if missing:
        raise SettingsError(missing)


def _source(file: str | None) -> str:
    return f"environment or {file}" if file else "environment"


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError([SETTING_UNREADABLE.at(str(path), 0, reason=error)]) from None


def _problem(detail: Mapping[str, Any], file: str | None) -> Problem:
    name = str(detail["loc"][0])
    source = _source(file)
    shown = PREFIX + name.upper()
    if detail["type"] == "extra_forbidden":
        known = [PREFIX + field.upper() for field in Settings.model_fields]
        # Judged without the prefix, which would make every name a near miss.
        near = suggestion(shown, known) if suggestion(name, Settings.model_fields) else ""
        return SETTING_UNKNOWN.at(source, 0, name=shown, suggestion=near, known=listed(known))
    # A secret must not reach a log through its own error message.
    value = "…" if name.endswith(("token", "secret")) else detail["input"]
    return SETTING_INVALID.at(source, 0, name=shown, value=value, rule=detail["msg"])
