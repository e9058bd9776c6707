"""What docs/access.md says: the expectation of every test of access, read from the page that people review."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from assessment.access import Role
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "access.md"
#: The role of each section that says what one may.
SECTIONS = {
    "Country leader": Role.COUNTRY_LEADER, "Domain owner": Role.DOMAIN_OWNER, "Reviewer": Role.REVIEWER, "CDAO": Role.CDAO,
    "Questionnaire author": Role.AUTHOR, "Administrator": Role.ADMINISTRATOR,
}  # fmt: skip
#: As which unit each role acts in these tests, where it has one.
HOME = {Role.COUNTRY_LEADER: "FR", Role.DOMAIN_OWNER: "FR.sales"}
BELOW = {"FR": ("FR.finance", "FR.sales"), "DE": ("DE.sales",)}
UNITS = ("ACME", "FR", "FR.sales", "FR.finance", "DE", "DE.sales")


@cache
def reaches() -> dict[tuple[Role, str], str]:
    """How far each role's action reaches, in the page's words: `own`, `own and below`, `all` or `–`."""
    return {
        (role, row[0]): row[1] for title, role in SECTIONS.items() for row in rows(f"### {title}") if row[2]
    }


def allowed(role: Role, action: str, unit_id: str | None) -> bool:
    """Whether the page allows it; without a unit, in the workspace as a whole."""
    home = HOME.get(role, "")
    return {
        "own": unit_id == home,
        "own and below": unit_id == home or unit_id in BELOW.get(home, ()),
        "all": unit_id in (*UNITS, None),
        "–": False,
    }[reaches()[role, action]]


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the one table below a heading, without code marks; its first two lines are the header's."""
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    assert heading in lines, f"docs/access.md has no '{heading}'"
    found = []
    for line in lines:
        if line.startswith("#"):
            break
        if line.startswith("|"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    for cells in found[2:]:
        yield [cell.replace("`", "") for cell in cells]


def below(heading: str) -> str:
    """All the text of a section."""
    text = PAGE.read_text(encoding="utf-8").split(f"{heading}\n", 1)[1]
    return text.split("\n#", 1)[0]
