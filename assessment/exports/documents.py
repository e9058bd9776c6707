"""The forms that a scorecard or a board pack can be written as, each from the same snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from assessment.exports.excel import scorecard_book
from assessment.exports.pack_slides import pack_slides
from assessment.exports.pdf import pack_pdf, scorecard_pdf
from assessment.exports.slides import scorecard_slides
from assessment.exports.snapshot import Snapshot


class Form(StrEnum):
    """What a scorecard can be written as; the value is the ending of the file's name."""

    PDF = "pdf"
    EXCEL = "xlsx"
    SLIDES = "pptx"


#: What a browser is told of each form.
MIME: Mapping[Form, str] = {
    Form.PDF: "application/pdf",
    Form.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def written(snapshot: Snapshot, form: Form) -> bytes:
    """The file: of the unit that the snapshot was asked for, or of the group."""
    return _WRITERS[form](snapshot)


def headline_of(snapshot: Snapshot) -> str:
    """What the file says first."""
    return snapshot.board_pack.headline if snapshot.is_of_group else snapshot.scorecard.headline


def _slides(snapshot: Snapshot) -> bytes:
    if snapshot.is_of_group:
        return pack_slides(snapshot.board_pack, snapshot.at, is_synthetic=snapshot.is_synthetic)
    return scorecard_slides(snapshot.scorecard, snapshot.at, is_synthetic=snapshot.is_synthetic)


def _pdf(snapshot: Snapshot) -> bytes:
    if snapshot.is_of_group:
        return pack_pdf(snapshot.board_pack, snapshot.at, is_synthetic=snapshot.is_synthetic)
    return scorecard_pdf(snapshot.scorecard, snapshot.at, is_synthetic=snapshot.is_synthetic)


_WRITERS: Mapping[Form, Callable[[Snapshot], bytes]] = {
    Form.PDF: _pdf,
    Form.EXCEL: scorecard_book,
    Form.SLIDES: _slides,
}
