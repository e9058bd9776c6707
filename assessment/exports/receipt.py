"""What was sent for review, as one page to keep: who sent it, when, and every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assessment.exports.workbook import in_words
from assessment.i18n import t
from assessment.questionnaire.models import Dimension, Question, Questionnaire
from assessment.responses import Answer, AnswerState, Confidence, EvidenceKind

_STYLE = """
@page { size: A4; margin: 18mm 16mm; }
body { font: 11pt/1.4 system-ui, sans-serif; color: #111; max-width: 46rem; margin: 1rem auto; }
table { border-collapse: collapse; width: 100%; } td, th { border-bottom: 1px solid #bbb; padding: .3rem; text-align: left; }
td:last-child { width: 40%; } .mark { border: 2px solid #a04000; padding: .2rem .5rem; display: inline-block; } h2 { font-size: 13pt; break-after: avoid; } tr { break-inside: avoid; }
"""

_BACKED: Mapping[EvidenceKind, str] = {
    EvidenceKind.NONE: "no evidence",
    EvidenceKind.DOCUMENT: "a document",
    EvidenceKind.RECORD: "a record of running it",
    EvidenceKind.INDEPENDENT: "somebody else's check",
}
_SURE: Mapping[Confidence, str] = {
    Confidence.ESTIMATE: "estimate",
    Confidence.SOME_EVIDENCE: "some evidence",
    Confidence.SURE: "sure",
}


def receipt(
    questionnaire: Questionnaire,
    sections: Sequence[tuple[Dimension, Sequence[Question]]],
    answers: Mapping[str, Answer],
    about: Mapping[str, str],
    *,
    mark: str = "",
) -> bytes:
    """One HTML file, UTF-8, that loads nothing; `about` has what stands above the answers, by its name.

    `mark` stands above everything, such as that the data is invented; '' for nothing. A question
    without an answer says so: only invented situations may be sent without one.
    """
    title = t("Sent for review: {title}", title=questionnaire.title)
    parts = [
        f"<!doctype html><html lang='{escape(questionnaire.language)}'><head><meta charset='utf-8'>",
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<p class='mark'>{escape(mark)}</p>" if mark else "",
        f"<h1>{escape(title)}</h1><table>",
        *(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in about.items()),
        "</table>",
    ]
    for dimension, questions in sections:
        rows = [_row(questionnaire, question, answers.get(question.id)) for question in questions]
        parts.append(f"<h2>{escape(dimension.title)}</h2><table>{''.join(rows)}</table>")
    return ("\n".join(parts) + "</body></html>\n").encode()


def _row(questionnaire: Questionnaire, question: Question, answer: Answer | None) -> str:
    words = in_words(questionnaire, question, answer) or t("Not answered")
    more = []
    if answer:
        backing = "" if question.id in questionnaire.ratings else _backing(answer)
        more = [answer.reason, backing, answer.evidence_ref, answer.comment]
    # What people wrote keeps its lines, and turns no text beside it round.
    texts = "".join(f"<br><bdi>{_in_lines(text)}</bdi>" for text in more if text)
    return f"<tr><td>{escape(question.prompt)}</td><td><b>{escape(words)}</b>{texts}</td></tr>"


def _backing(answer: Answer) -> str:
    """What backs an answer and how sure its unit was; '' for one without a level of which neither was said."""
    said = answer.confidence is not None or answer.evidence_kind is not EvidenceKind.NONE
    if answer.state is not AnswerState.ANSWERED and not said:
        return ""
    sure = t(_SURE[answer.confidence]) if answer.confidence else t("not said")
    return t("Evidence: {kind}. How sure: {sure}.", kind=t(_BACKED[answer.evidence_kind]), sure=sure)


def _in_lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
