from __future__ import annotations

import pandas as pd
import pytest

from assessment.intake.links import have_foreign_scheme
from assessment.links import foreign_scheme

LINKS = [
    ("javascript:alert(1)", "javascript"),
    ("JavaScript: alert(1)", "JavaScript"),
    ("java\nscript:alert(1)", "javascript"),
    ("\x01\x1f javascript:alert(1)", "javascript"),
    ("vbscript:x", "vbscript"),
    ("data:text/html,<script>", "data"),
    ("file:///etc/passwd", "file"),
    (r"file:\\server\share", "file"),
    ("ftp://x.org/a", "ftp"),
    ("s3://bucket/key", "s3"),
    ("mailto:a@x.org", "mailto"),
    ("ms-word:ofe|u|https://x.org", "ms-word"),
    ("tel:+33", "tel"),
    ("unheard-of://x", "unheard-of"),
]
PLAIN = [
    "",
    "minutes of 3 May",
    "ISO: 27001",
    "ISO:27001",
    "page 3: minutes",
    "File: minutes.docx",
    "Data: see the register",
    r"C:\minutes.docx",
    "C:/minutes.docx",
    "12:30 meeting",
    "doi:10.1000/182",
    "https://x.org/a:b",
    "HTTP://X.ORG",
    "http:x",
    "see javascript: the good parts",
    "//x.org/a",
]


@pytest.mark.parametrize(("reference", "scheme"), LINKS)
def test_a_link_that_is_not_http_is_found_however_it_is_written(reference: str, scheme: str) -> None:
    assert foreign_scheme(reference) == scheme


@pytest.mark.parametrize("reference", PLAIN)
def test_http_links_and_plain_references_have_no_foreign_scheme(reference: str) -> None:
    assert foreign_scheme(reference) == ""


def test_many_references_are_judged_as_each_alone() -> None:
    references = [*PLAIN, *(reference for reference, _ in LINKS)]
    mask = have_foreign_scheme(pd.Series(references, dtype="str"))
    assert mask.tolist() == [bool(foreign_scheme(reference)) for reference in references]
