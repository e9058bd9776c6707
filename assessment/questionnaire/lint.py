"""What a reader would stumble over: findings that stop a publication, never a load.

Each rule has a code; what it means, with a bad and a good example, is in docs/questionnaire-style.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, pairwise

from assessment import errors
from assessment.errors import Message, Problem
from assessment.questionnaire import wording
from assessment.questionnaire.models import LevelScale, Question, Questionnaire, Status

#: From this share of common content words on, two options can't be told apart in a hurry.
LIKENESS_LIMIT = 0.75
#: Below this share of common words, prompt and options together, a question asks something else.
REUSED_LIKENESS = 0.25
#: Longer ones are read twice.
PROMPT_WORDS, LABEL_WORDS, SENTENCE_WORDS = 20, 30, 32
#: Longer ones don't fit the head of a column.
TITLE_LENGTH = 28
#: LIX of prompt, help and labels together; official prose begins at 60.
EFFORT_LIMIT = 50.0
#: The least share of the weight that keeps its wording between major versions.
CORE_SHARE = 0.6
VIGNETTES = 2

Finding = Callable[..., None]


def lint(questionnaire: Questionnaire, source: str) -> list[Problem]:
    """Every finding about one questionnaire, in the order of its questions; `source` names its file.

    Rules about words know English; of another language, lengths, likeness and structure are judged.
    """
    found: list[Problem] = []

    def report(message: Message, **values: object) -> None:
        found.append(message.at(source, 0, **values))

    _lint_whole(questionnaire, report)
    _lint_titles(questionnaire, report)
    for question in questionnaire.questions.values():
        _lint_prompt(question, report)
        _lint_lengths(question, report)
        _lint_options(questionnaire, question, report)
        if questionnaire.language.partition("-")[0] == "en":
            _lint_english(question, report)
    _lint_vignettes(questionnaire, report)
    return found


def lint_ids(questionnaire: Questionnaire, others: Iterable[Questionnaire], source: str) -> list[Problem]:
    """Ids that `others` use already: another questionnaire's, or an earlier version's for another question."""
    found = []
    for other in others:
        for name in [name for name in questionnaire.questions if name in other.questions]:
            texts = [entry.questions[name].whole_text for entry in (other, questionnaire)]
            if other.id != questionnaire.id:
                found.append(errors.LINT_ID_SHARED.at(source, 0, id=name, other=other.reference))
            elif wording.likeness(*texts) < REUSED_LIKENESS:
                found.append(errors.LINT_ID_REUSED.at(source, 0, id=name, other=other.reference))
    return found


def _lint_whole(questionnaire: Questionnaire, report: Finding) -> None:
    scored = [question for question in questionnaire.questions.values() if question.weight]
    total = sum(question.weight for question in scored)
    core = sum(question.weight for question in scored if question.core)
    if total and core < CORE_SHARE * total:
        report(errors.LINT_CORE_SHARE, found=f"{core / total:.0%}", least=f"{CORE_SHARE:.0%}")
    if questionnaire.status is Status.PUBLISHED and questionnaire.published_on is None:
        report(errors.LINT_NO_DATE, reference=questionnaire.reference)
    if questionnaire.summary is None:
        report(
            errors.LINT_TEXT_MISSING,
            id=questionnaire.id,
            key="summary",
            use="what is asked, and what its words mean",
        )


def _lint_titles(questionnaire: Questionnaire, report: Finding) -> None:
    first: dict[str, str] = {}
    for question in questionnaire.questions.values():
        if question.title is None:
            continue
        if len(question.title) > TITLE_LENGTH:
            report(errors.LINT_TITLE_LONG, id=question.id, found=len(question.title), limit=TITLE_LENGTH)
        other = first.setdefault(question.title.casefold(), question.id)
        if other != question.id:
            report(errors.LINT_TITLE_SHARED, id=question.id, title=question.title, other=other)


def _lint_prompt(question: Question, report: Finding) -> None:
    length = len(wording.words(question.prompt))
    if length > PROMPT_WORDS:
        report(errors.LINT_TOO_LONG, id=question.id, what="prompt", found=length, limit=PROMPT_WORDS)
    for key, use in (
        ("help", "why it is asked, what counts, and who could know"),
        ("evidence", "what would prove it"),
    ):
        if getattr(question, key) is None:
            report(errors.LINT_TEXT_MISSING, id=question.id, key=key, use=use)


def _lint_lengths(question: Question, report: Finding) -> None:
    for what, text in _texts(question):
        longest = max((len(wording.words(part)) for part in wording.sentences(text)), default=0)
        if longest > SENTENCE_WORDS:
            report(errors.LINT_SENTENCE, id=question.id, what=what, found=longest, limit=SENTENCE_WORDS)


def _lint_english(question: Question, report: Finding) -> None:
    labels = " ".join(f"{option.label}." for option in question.options)
    effort = wording.reading_effort(f"{question.prompt} {question.help or ''} {labels}")
    if effort > EFFORT_LIMIT:
        report(errors.LINT_HARD_TO_READ, id=question.id, found=f"{effort:.0f}", limit=f"{EFFORT_LIMIT:.0f}")
    if wording.asks_twice(question.prompt):
        report(errors.LINT_ASKS_TWICE, id=question.id, prompt=question.prompt)
    for what, text in _texts(question):
        if vague := wording.vague_words(text):
            report(errors.LINT_VAGUE, id=question.id, what=what, word=vague[0])
        if jargon := wording.jargon(text):
            report(errors.LINT_JARGON, id=question.id, what=what, word=jargon[0])
    best, worst = (pick(question.options, key=lambda option: option.value).label for pick in (max, min))
    if wording.starts_with_negation(best) and not wording.starts_with_negation(worst):
        report(errors.LINT_REVERSED, id=question.id, label=best)


def _texts(question: Question) -> Iterator[tuple[str, str]]:
    if question.title:
        yield "title", question.title
    yield "prompt", question.prompt
    if question.help:
        yield "help", question.help
    for option in question.options:
        yield f"option {option.id}", option.label


def _lint_options(questionnaire: Questionnaire, question: Question, report: Finding) -> None:
    for one, other in combinations(question.options, 2):
        if wording.likeness(one.label, other.label) >= LIKENESS_LIMIT:
            report(errors.LINT_ALIKE, id=question.id, one=one.id, other=other.id)
    for option in question.options:
        length = len(wording.words(option.label))
        if length > LABEL_WORDS:
            report(
                errors.LINT_TOO_LONG,
                id=question.id,
                what=f"option {option.id}",
                found=length,
                limit=LABEL_WORDS,
            )
    values = [option.value for option in question.options]
    if question.weight and not {questionnaire.scale.minimum, questionnaire.scale.maximum} <= set(values):
        report(
            errors.LINT_END_UNREACHABLE,
            id=question.id,
            low=questionnaire.scale.minimum,
            high=questionnaire.scale.maximum,
        )
    steps = [later - earlier for earlier, later in pairwise(values)]
    if min(steps) < 0 < max(steps):
        report(errors.LINT_VALUES_JUMP, id=question.id)


def _lint_vignettes(questionnaire: Questionnaire, report: Finding) -> None:
    if not isinstance(questionnaire.scale, LevelScale):
        return
    targets = [vignette.question for vignette in questionnaire.vignettes]
    if len(set(targets)) != VIGNETTES or len(targets) != VIGNETTES:
        report(errors.LINT_VIGNETTES, id=questionnaire.id, found=len(targets), questions=len(set(targets)))
    asked = {unit for question in questionnaire.questions.values() for unit in question.units}
    for vignette in questionnaire.vignettes:
        if set(questionnaire.questions[vignette.question].units) != asked:
            report(errors.LINT_VIGNETTE_UNITS, id=vignette.id, question=vignette.question)
