"""A blank questionnaire on paper, for the meeting before: one HTML file that any browser prints."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assessment.exports.workbook import situation_of
from assessment.i18n import t
from assessment.questionnaire.models import Dimension, Question, Questionnaire

_STYLE = """
@page { size: A4; margin: 14mm 16mm; }
body { font: 10pt/1.32 system-ui, sans-serif; color: #111; max-width: 46rem; margin: 1rem auto; }
h1 { font-size: 18pt; } h2 { font-size: 14pt; break-after: avoid; border-bottom: 1px solid #555; }
article { break-inside: avoid; margin: 0 0 1rem; } h3 { font-size: 12pt; margin: .6rem 0 .2rem; }
ul { list-style: none; padding: 0; margin: .3rem 0; } li { padding-left: 1.6rem; text-indent: -1.6rem; margin: .15rem 0; }
li::before { content: "\\2610"; display: inline-block; width: 1.6rem; text-indent: 0; }
.help, .evidence { color: #444; margin: .1rem 0; }
.why { border-bottom: 1px solid #999; display: inline-block; width: 60%; height: 1.1em; text-indent: 0; } .lines { border-bottom: 1px solid #999; height: 1.6rem; }
"""


def blank_questionnaire(
    questionnaire: Questionnaire, sections: Sequence[tuple[Dimension, Sequence[Question]]], whose: str
) -> bytes:
    """The questions with every level described, a box each, and room for notes; UTF-8, nothing loaded from elsewhere."""
    parts = [
        f"<!doctype html><html lang='{escape(questionnaire.language)}'><head><meta charset='utf-8'>",
        f"<title>{escape(questionnaire.title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(questionnaire.title)}</h1><p>{escape(whose)}</p>",
        f"<p class='help'>{escape(questionnaire.summary or '')}</p>",
    ]
    for dimension, questions in sections:
        parts.append(f"<section><h2>{escape(dimension.title)}</h2>")
        parts += [_question(questionnaire, question) for question in questions]
        parts.append("</section>")
    return ("\n".join(parts) + "</body></html>\n").encode()


def _question(questionnaire: Questionnaire, question: Question) -> str:
    rows = [f"<article><h3>{escape(question.prompt)}</h3>"]
    if told := situation_of(questionnaire, question):
        rows.append(f"<p>{escape(t('The situation: {told}', told=told))}</p>")
    if question.help:
        rows.append(f"<p class='help'>{escape(question.help)}</p>")
    labels = [
        f"<b>{escape(option.id)}</b> {escape(option.label)}"
        if questionnaire.has_levels
        else escape(option.label)
        for option in question.options
    ]
    if not told:
        because = escape(t("Not applicable, because:"))
        labels += [escape(t("Don't know yet")), f"{because} <span class='why'></span>"]
    rows.append("<ul>" + "".join(f"<li>{label}</li>" for label in labels) + "</ul>")
    if question.evidence:
        rows.append(f"<p class='evidence'>{escape(t('What would show it: {e}', e=question.evidence))}</p>")
    notes = "" if told else "<div class='lines'></div><div class='lines'></div>"
    return "\n".join([*rows, f"{notes}</article>"])
