"""Where somebody is led after coming in: to a page of this server, whatever stood in the address."""

from __future__ import annotations

import pytest

from assessment.api.doorway import way_back


@pytest.mark.parametrize(
    "wanted", ["/", "/answer?question=dgm-access-rules&role=cdao", "/overview?to=//elsewhere.example", "/é?a=%2F%2Fb"]
)  # fmt: skip
def test_a_page_of_this_server_is_led_to(wanted: str) -> None:
    assert way_back(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    ["", "elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", "//elsewhere.example",
     "///elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example", "/\t/elsewhere.example", "\t//elsewhere.example",
     "/a\r\nSet-Cookie: a=b", "/a\u2028b", " /a", "//[", "//[::1", "/" + "a" * 1000],
)  # fmt: skip
def test_anything_else_leads_to_the_start(wanted: str) -> None:
    assert way_back(wanted) == "/"
