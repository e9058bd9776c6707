"""What the guide says of Streamlit's settings is what the file says, and what the installed Streamlit does by itself."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest
from streamlit import config

from tests.conftest import ROOT

FILE: dict[str, dict[str, Any]] = tomllib.loads(
    (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)
SET = {
    f"{section}.{name}": value
    for section, values in FILE.items()
    if section != "theme"
    for name, value in values.items()
}
GUIDE = (ROOT / "docs" / "operating" / "streamlit.md").read_text(encoding="utf-8")
#: By name: ours and the default, as JSON or as nothing.
ROWS = {
    name: (ours, default)
    for name, ours, default in re.findall(r"^\| `(\w+\.\w+)` \| (.*?) \| (.*?) ?\| ", GUIDE, re.MULTILINE)
}  # fmt: skip
OPTIONS = config.get_config_options()
#: Worked out when Streamlit starts, or a list of its makers' own hosts.
WORKED_OUT = {"client.allowedOrigins", "global.developmentMode", "logger.level"}


def told(cell: str) -> Any:
    """What a cell of the table says; None where it is empty."""
    return json.loads(cell.strip("` ")) if cell.strip() else None


def test_every_setting_of_the_file_is_in_the_guide_with_its_value() -> None:
    assert SET.keys() <= ROWS.keys()
    assert {name: told(ROWS[name][0]) for name in SET} == SET


def test_what_the_guide_says_is_left_alone_is_left_alone_and_is_the_default() -> None:
    for name in ROWS.keys() - SET.keys():
        ours, default = ROWS[name]
        assert (name in WORKED_OUT) or told(ours) == told(default), name


@pytest.mark.parametrize("name", ROWS)
def test_the_installed_streamlit_has_the_setting_with_that_default(name: str) -> None:
    assert name in OPTIONS
    if name not in WORKED_OUT:
        assert OPTIONS[name].default_val == told(ROWS[name][1])


def test_the_version_that_was_looked_through_is_the_one_that_is_pinned() -> None:
    (looked_through,) = re.findall(r"version\s+(\d+\.\d+)", GUIDE)
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert f"streamlit=={looked_through}." in pins


@pytest.mark.parametrize("name", ["server.trustedUserHeaders", "server.unsafeMetricsUserAttributes"])
def test_nothing_that_a_stranger_can_send_is_believed(name: str) -> None:
    assert name not in SET
    assert not OPTIONS[name].default_val
