"""Licences are read from metadata however a package says them, and what nobody has decided on is refused."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, PathDistribution
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.dependencies import licences
from tests.dependencies.licences import Package, faults, is_allowed, listed, packages, pinned, written

CONSTRAINTS = """\
alpha==1.0 \\
    --hash=sha256:00
    # via mesh-readiness (pyproject.toml)
beta==2.0 ; python_full_version < '3' \\
    --hash=sha256:00
beta==3.0 ; python_full_version >= '3' \\
    --hash=sha256:00
only-there==4.0 ; sys_platform == 'no such system' \\
    --hash=sha256:00
"""


def made_up(folder: Path, *lines: str) -> PathDistribution:
    """An installed package of which only the metadata is there."""
    info = folder / f"made_up-{len(list(folder.iterdir()))}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("\n".join(("Metadata-Version: 2.4", "Name: made-up", *lines)) + "\n")
    return PathDistribution(info)


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT", "License: GPL"], "MIT"),
        (["License: Apache 2.0"], "Apache-2.0"),
        (["License: Copyright (c) somebody, a long text", "Classifier: License :: OSI Approved :: BSD License"], "BSD"),
        (["Classifier: License :: OSI Approved :: MIT License",
          "Classifier: License :: OSI Approved :: GNU General Public License (GPL)"],
         "GNU General Public License (GPL) AND MIT"),
        (["Classifier: Programming Language :: Python"], "unknown"),
        (["License: As you like"], "unknown"),
    ],
)  # fmt: skip
def test_a_licence_is_read_however_the_package_says_it(
    tmp_path: Path, lines: list[str], licence: str
) -> None:
    assert licences.licence_of(made_up(tmp_path, *lines)) == licence


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True), ("Apache-2.0 OR BSD-3-Clause", True), ("MPL-2.0", False), ("AGPL-3.0-or-later", False),
        ("GPL-2.0-only OR MIT", True), ("GPL-2.0-only AND MIT", False), ("MIT AND (GPL-2.0-only OR ISC)", True),
        ("(MIT", False), ("MIT)", False), ("MIT MIT", False), ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("unknown", False), ("", False),
    ],
)  # fmt: skip
def test_only_what_asks_for_no_more_than_its_text_is_allowed(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


def test_each_pinned_package_is_looked_up_once_and_those_of_other_machines_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def installed(name: str) -> PathDistribution:
        asked.append(name)
        return made_up(tmp_path, "License-Expression: MIT")

    monkeypatch.setattr(licences, "_installed", installed)
    assert packages(CONSTRAINTS) == [
        Package("alpha", "MIT"), Package("beta", "MIT"), Package("only-there", "unknown", is_here=False),
    ]  # fmt: skip
    assert asked == ["alpha", "beta"]


def test_a_package_that_is_pinned_and_missing_is_named() -> None:
    with pytest.raises(PackageNotFoundError, match="no-such-package-anywhere"):
        packages("no-such-package-anywhere==1.0 \\\n    --hash=sha256:00\n")


def test_what_nobody_decided_on_is_refused_and_so_is_a_decision_about_something_else() -> None:
    found = [
        Package("free", "MIT"), Package("strict", "GPL-3.0-only"), Package("silent", "unknown"),
        Package("looked-at", "MPL-2.0"), Package("changed", "SSPL-1.0"), Package("there", "unknown", is_here=False),
    ]  # fmt: skip
    decided = {
        "looked-at": {"licence": "MPL-2.0", "reason": "used unchanged"},
        "changed": {"licence": "MPL-2.0", "reason": "used unchanged"},
        "gone": {"licence": "MPL-2.0", "reason": "used unchanged"},
    }
    assert [sentence.split(":")[0] for sentence in faults(found, decided)] == [
        "strict", "silent", "changed", "gone",
    ]  # fmt: skip
    (blank,) = faults(found[3:4], {"looked-at": {"licence": "MPL-2.0", "reason": ""}})
    assert "no reason" in blank


def test_the_list_is_read_back_as_it_was_written() -> None:
    found = [Package("alpha", "MIT"), Package("there", "unknown", is_here=False)]
    table = written(found, {"alpha": {"reason": "because"}}, {"there": "ISC"})
    assert listed(table) == {"alpha": "MIT", "there": "ISC"}
    assert "| alpha | MIT | because |" in table
    with pytest.raises(ValueError, match="there"):
        written(found, {}, {})


def test_every_package_that_runs_with_the_product_is_in_the_list() -> None:
    table = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    wanted = pinned((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    assert set(listed(table)) == {requirement.name for requirement in wanted}
