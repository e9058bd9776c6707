"""A version in a second language: its words are other ones, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assessment import errors
from assessment.errors import Message, Problem, QuestionnaireError
from assessment.organisation import Round, Unit, organisation_of
from assessment.questionnaire.catalogue import Catalogue, catalogue_of
from assessment.questionnaire.folder import load_catalogue, load_unlocked
from assessment.questionnaire.loading import load_questionnaire
from assessment.questionnaire.lock import content_hash
from assessment.questionnaire.models import Question, Questionnaire, UnitKind
from assessment.questionnaire.translations import (
    Coverage,
    Translation,
    coverage,
    load_translation,
    translated,
)
from assessment.responses import ANSWER_COLUMNS
from assessment.scoring.asked import Asked
from assessment.scoring.table import ScoringInput, score_table
from tests.questionnaire.builders import as_yaml, dimension, put, question, questionnaire
from tests.scoring.shorthand import answer_rows

SHIPPED = Path(__file__).parents[2] / "questionnaires"
FRENCH = Path(__file__).parent / "languages" / "fr.yaml"
SOURCE = "example/1.0.0/lang/fr.yaml"

EXAMPLE = questionnaire(
    dimension(
        "direction",
        question("sponsor", title="Sponsor", help="Think of a year.", evidence="Minutes", weight=3),
        question("budget", requires=["sponsor"]),
        summary="Who backs it.",
    ),
    dimension("decisions", question("forum"), weight=2),
    summary="A small one.",
    vignettes=[{"id": "a-quiet-sponsor", "question": "sponsor", "level": 2, "situation": "One is named."}],
)
HEAD = {"id": "example", "version": "1.0.0", "language": "fr"}
#: Every text of the example in French, as an author writes them.
WHOLE: dict[str, Any] = {
    **HEAD,
    "title": "Un exemple",
    "summary": "Un petit.",
    "scale": {"1": "Initial", "2": "Défini", "3": "Piloté"},
    "dimensions": {
        "direction": {"title": "Le cap", "summary": "Qui soutient."}, "decisions": {"title": "Les décisions"},
    },
    "questions": {
        "sponsor": {
            "title": "Parrain", "prompt": "Qui parraine ?", "help": "Pensez à un an.", "evidence": "Procès-verbal",
            "options": {"1": "Personne.", "2": "Quelqu’un.", "3": "Quelqu’un qui agit."},
        },
        "budget": {
            "prompt": "Qui paie ?",
            "options": {"1": "Personne ne paie.", "2": "Un seul paie.", "3": "Tous paient."},
        },
        "forum": {
            "prompt": "Qui décide ?",
            "options": {"1": "Nul ne décide.", "2": "Un seul décide.", "3": "Tous décident."},
        },
    },
    "vignettes": {"a-quiet-sponsor": {"situation": "Quelqu’un est nommé."}},
}  # fmt: skip
#: title and summary, three levels, two dimensions and a summary, three more texts of one question, three questions
#: with a prompt and three options each, one vignette.
TEXTS = 2 + 3 + 3 + 3 + 3 * 4 + 1


def example(data: Mapping[str, Any] = EXAMPLE) -> Questionnaire:
    """Read anew for each test, so that nothing is remembered from another one."""
    return load_questionnaire(as_yaml(data), "example/1.0.0/questionnaire.yaml")


def translation(data: Mapping[str, Any], of: Questionnaire | None = None) -> Translation:
    return load_translation(as_yaml(data), SOURCE, of or example())


def refused(data: Mapping[str, Any] | str, of: Questionnaire | None = None) -> tuple[Problem, ...]:
    content = data.encode() if isinstance(data, str) else as_yaml(data)
    with pytest.raises(QuestionnaireError) as refusal:
        load_translation(content, SOURCE, of or example())
    return refusal.value.problems


def asked(version: Questionnaire) -> dict[str, Question]:
    """Every question by id, as the dimensions hold them."""
    return {one.id: one for top in version.dimensions for one in top.all_questions()}


def texts(version: Questionnaire) -> list[str]:
    """Every text that people read, in the order of the file."""
    found = [version.title, version.summary or "", *(name for _, name in version.axis)]
    for entry in version.all_dimensions():
        found += [entry.title, entry.summary or ""]
    for one in asked(version).values():
        found += [one.title or "", one.prompt, one.help or "", one.evidence or ""]
        found += [option.label for option in one.options]
    return [text for text in [*found, *(entry.situation for entry in version.vignettes)] if text]


def without_words(version: Questionnaire) -> Any:
    """Everything about a version but the words that people read."""
    words = {"title", "summary", "prompt", "help", "evidence", "label", "situation", "name", "language"}

    def stripped(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: stripped(part) for key, part in value.items() if key not in words}
        return [stripped(part) for part in value] if isinstance(value, list | tuple) else value

    return stripped(version.model_dump())


# Words -----------------------------------------------------------------------------------------------------------


def test_every_word_is_replaced_and_nothing_else() -> None:
    first = example()
    second = translated(first, translation(WHOLE))
    assert second.language == "fr"
    assert texts(second) == [
        "Un exemple", "Un petit.", "Initial", "Défini", "Piloté", "Le cap", "Qui soutient.", "Les décisions",
        "Parrain", "Qui parraine ?", "Pensez à un an.", "Procès-verbal", "Personne.", "Quelqu’un.", "Quelqu’un qui agit.",
        "Qui paie ?", "Personne ne paie.", "Un seul paie.", "Tous paient.",
        "Qui décide ?", "Nul ne décide.", "Un seul décide.", "Tous décident.", "Quelqu’un est nommé.",
    ]  # fmt: skip
    assert without_words(second) == without_words(first)


def test_the_first_language_stays_as_it_was() -> None:
    first = example()
    translated(first, translation(WHOLE, first))
    assert first == example()
    assert content_hash(first) == content_hash(example())


@pytest.mark.parametrize(
    ("words", "was", "now"),
    [
        ({"title": "Un exemple"}, "An example", "Un exemple"),
        ({"scale": {"3": "Piloté"}}, "Managed", "Piloté"),
        ({"dimensions": {"decisions": {"title": "Les décisions"}}}, "About decisions", "Les décisions"),
        ({"dimensions": {"direction": {"summary": "Qui soutient."}}}, "Who backs it.", "Qui soutient."),
        ({"questions": {"budget": {"prompt": "Qui paie ?"}}}, "Who is the budget?", "Qui paie ?"),
        ({"questions": {"sponsor": {"help": "Pensez à un an."}}}, "Think of a year.", "Pensez à un an."),
        ({"vignettes": {"a-quiet-sponsor": {"situation": "Un nom."}}}, "One is named.", "Un nom."),
    ],
)
def test_a_text_that_is_missing_falls_back_to_the_first_language(
    words: dict[str, Any], was: str, now: str
) -> None:
    first = example()
    second = translated(first, translation({**HEAD, **words}))
    before, after = texts(first), texts(second)
    replaced = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert replaced == [(was, now)]


def test_one_option_can_be_translated_and_keeps_its_id_and_value() -> None:
    words = {"questions": {"budget": {"options": {"2": "Un seul paie."}}}}
    second = asked(translated(example(), translation({**HEAD, **words})))
    assert [(option.id, option.value, option.label) for option in second["budget"].options] == [
        ("1", 1, "None can be named."), ("2", 2, "Un seul paie."), ("3", 3, "One acts."),
    ]  # fmt: skip
    assert second["sponsor"].options == asked(example())["sponsor"].options


def test_a_translation_of_nothing_changes_the_language_only() -> None:
    first = example()
    second = translated(first, translation(HEAD))
    assert texts(second) == texts(first)
    assert second == first.model_copy(update={"language": "fr"})


def test_dimensions_within_dimensions_are_translated_too() -> None:
    nested = questionnaire(
        {
            "id": "outer", "title": "Outer",
            "dimensions": [dimension("inner", question("sponsor")), dimension("other", question("budget"))],
        }
    )  # fmt: skip
    words = {
        **HEAD,
        "dimensions": {"outer": {"title": "Dehors"}, "inner": {"title": "Dedans"}},
        "questions": {"budget": {"prompt": "Qui paie ?"}},
    }
    second = translated(example(nested), translation(words, example(nested)))
    assert [entry.title for entry in second.all_dimensions()] == ["Dehors", "Dedans", "About other"]
    assert asked(second)["budget"].prompt == "Qui paie ?"


def test_the_options_of_a_framework_are_translated_by_their_ids() -> None:
    options = [{"id": "no", "label": "No", "value": 0}, {"id": "yes-all", "label": "Yes, all", "value": 1}]
    own = questionnaire(dimension("direction", question(options=options)), scale={"minimum": 0, "maximum": 1})
    words = {**HEAD, "questions": {"sponsor": {"options": {"yes-all": "Oui, tous", "no": "Non"}}}}
    second = translated(example(own), translation(words, example(own)))
    assert [(one.id, one.label) for one in asked(second)["sponsor"].options] == [
        ("no", "Non"), ("yes-all", "Oui, tous"),
    ]  # fmt: skip
    assert second.axis == ((0, ""), (1, ""))


# Coverage ---------------------------------------------------------------------------------------------------------


def test_a_whole_translation_covers_every_text() -> None:
    found = coverage(example(), translation(WHOLE))
    assert found == Coverage("fr", TEXTS, TEXTS, "")
    assert found.share == 1


def test_a_translation_of_nothing_covers_nothing() -> None:
    found = coverage(example(), translation(HEAD))
    assert (found.translated, found.total, found.first_missing, found.share) == (0, TEXTS, "title", 0)


@pytest.mark.parametrize(
    ("path", "first_missing"),
    [
        (("title",), "title"),
        (("scale", "2"), "scale.2"),
        (("dimensions", "decisions", "title"), "dimensions.decisions.title"),
        (("dimensions", "decisions"), "dimensions.decisions.title"),
        (("questions", "sponsor", "title"), "questions.sponsor.title"),
        (("questions", "sponsor", "evidence"), "questions.sponsor.evidence"),
        (("questions", "forum", "options", "3"), "questions.forum.options.3"),
        (("vignettes",), "vignettes.a-quiet-sponsor.situation"),
    ],
)
def test_coverage_counts_one_text_less_and_names_the_place_of_the_first_that_is_missing(
    path: tuple[str, ...], first_missing: str
) -> None:
    assert coverage(example(), translation(without(WHOLE, path))) == Coverage(
        "fr", TEXTS - 1, TEXTS, first_missing
    )


def without(data: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The same without what stands at the path."""
    key, *rest = path
    if rest:
        return {**data, key: without(data[key], tuple(rest))}
    return {name: value for name, value in data.items() if name != key}


def test_of_several_missing_texts_the_first_in_the_file_is_named() -> None:
    partial = without(without(WHOLE, ("questions", "forum")), ("scale", "3"))
    assert coverage(example(), translation(partial)) == Coverage("fr", TEXTS - 5, TEXTS, "scale.3")


def test_a_text_that_reads_the_same_in_both_languages_is_covered() -> None:
    found = coverage(example(), translation({**HEAD, "title": "An example"}))
    assert found.translated == 1


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line", "key", "identifier", "near"),
    [
        ({"dimensions": {"directoin": {"title": "x"}}}, 6, "dimensions", "directoin", "direction"),
        ({"dimensions": {"sponsor": {"title": "x"}}}, 6, "dimensions", "sponsor", ""),
        ({"questions": {"sponsr": {"prompt": "x"}}}, 6, "questions", "sponsr", "sponsor"),
        ({"questions": {"money": {"prompt": "x"}}}, 6, "questions", "money", ""),
        ({"vignettes": {"a-quiet-sponser": {"situation": "x"}}}, 6, "vignettes", "a-quiet-sponser", "a-quiet-sponsor"),
        ({"scale": {"4": "Optimisé"}}, 6, "scale", "4", ""),
        ({"scale": {"Initial": "Initial"}}, 6, "scale", "Initial", ""),
        ({"questions": {"sponsor": {"options": {"4": "x"}}}}, 8, "options of 'sponsor'", "4", ""),
        ({"questions": {"sponsor": {"options": {"One acts.": "x"}}}}, 8, "options of 'sponsor'", "One acts.", ""),
    ],
)  # fmt: skip
def test_an_id_that_the_version_does_not_have_is_refused_with_its_line(
    words: dict[str, Any], line: int, key: str, identifier: str, near: str
) -> None:
    suggested = f" Did you mean '{near}'?" if near else ""
    assert refused({**HEAD, **words}) == (
        errors.TRANSLATION_UNKNOWN.at(
            SOURCE, line, key=key, id=identifier, reference="example@1.0.0", suggestion=suggested
        ),
    )


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        ({"titel": "x"}, 5, errors.KEY_UNKNOWN),
        ({"questions": {"sponsor": {"promt": "x"}}}, 7, errors.KEY_UNKNOWN),
        ({"questions": {"sponsor": {"weight": 5}}}, 7, errors.KEY_UNKNOWN),
        ({"questions": {"sponsor": {"levels": {"1": "x"}}}}, 7, errors.KEY_UNKNOWN),
        ({"questions": {"sponsor": "x"}}, 6, errors.MAPPING_EXPECTED),
        ({"questions": ["sponsor"]}, 5, errors.MAPPING_EXPECTED),
        ({"questions": {"sponsor": {"prompt": 5}}}, 7, errors.TEXT_EXPECTED),
        ({"questions": {"sponsor": {"prompt": "  "}}}, 7, errors.VALUE_INVALID),
        ({"questions": {"sponsor": {"title": "x" * 41}}}, 7, errors.VALUE_INVALID),
        ({"questions": {"sponsor": {"options": {"1": ""}}}}, 8, errors.VALUE_INVALID),
        ({"language": "French"}, 4, errors.VALUE_INVALID),
        ({"version": "1.0"}, 3, errors.VALUE_INVALID),
    ],
)
def test_a_value_of_another_form_is_refused_at_its_line(
    words: dict[str, Any], line: int, message: Message
) -> None:
    found = [(problem.source, problem.line, problem.code) for problem in refused({**HEAD, **words})]
    assert found == [(SOURCE, line, message.code)]


@pytest.mark.parametrize("key", ["id", "version", "language"])
def test_a_translation_says_of_what_and_into_what_it_is(key: str) -> None:
    assert refused(without(HEAD, (key,))) == (errors.KEY_MISSING.at(SOURCE, 1, key=key),)


def test_all_unknown_ids_come_together() -> None:
    text = (
        "id: example\nversion: 1.0.0\nlanguage: fr\nscale:\n  9: Neuf\n  1: Un\n"
        "questions:\n  sponsor:\n    options:\n      one: Un\n  money:\n    prompt: Qui paie ?\n"
    )
    found = [(problem.line, problem.code) for problem in refused(text)]
    assert found == [(line, errors.TRANSLATION_UNKNOWN.code) for line in (5, 10, 11)]


# In the folder ----------------------------------------------------------------------------------------------------


def put_translation(folder: Path, data: Mapping[str, Any], place: str = SOURCE) -> None:
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(as_yaml(data))


def refused_folder(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(folder)
    return refusal.value.problems


def test_a_version_can_be_read_in_the_languages_of_its_folder_its_own_first(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    put(tmp_path, {**EXAMPLE, "version": "1.1.0"})
    for language in ("sv", "fr", "pt-BR"):
        put_translation(tmp_path, {**HEAD, "language": language}, f"example/1.0.0/lang/{language}.yaml")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.languages(catalogue.get("example", "1.0.0")) == ("en", "fr", "pt-BR", "sv")
    assert catalogue.languages(catalogue.get("example", "1.1.0")) == ("en",)


def test_a_version_in_a_language_has_its_words_and_without_one_stays_as_it_is(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    put_translation(tmp_path, WHOLE)
    catalogue = load_catalogue(tmp_path)
    first = catalogue.get("example", "1.0.0")
    french = catalogue.in_language(first, "fr")
    assert (french.title, french.dimensions[1].questions[0].prompt) == ("Un exemple", "Qui décide ?")
    for other in ("en", "sv", "FR", ""):
        assert catalogue.in_language(first, other) == first
    assert catalogue.get("example", "1.0.0") == first, "the catalogue itself stays in the first language"


def test_a_catalogue_in_memory_has_no_translations() -> None:
    first = example()
    catalogue = catalogue_of([first])
    assert catalogue.languages(first) == ("en",)
    assert catalogue.in_language(first, "fr") == first


@pytest.mark.parametrize(
    ("words", "found", "language"),
    [
        ({"language": "de"}, "example@1.0.0", "de"),
        ({"version": "1.0.1"}, "example@1.0.1", "fr"),
        ({"id": "another"}, "another@1.0.0", "fr"),
        ({"id": "another", "version": "2.0.0", "language": "de"}, "another@2.0.0", "de"),
    ],
)
def test_a_translation_that_stands_in_another_place_is_refused(
    tmp_path: Path, words: dict[str, str], found: str, language: str
) -> None:
    put(tmp_path, EXAMPLE)
    put_translation(tmp_path, {**HEAD, **words})
    assert refused_folder(tmp_path) == (
        errors.TRANSLATION_PLACE.at(
            SOURCE, 1, found=found, language=language, place="example@1.0.0 in 'fr'"
        ),
    )  # fmt: skip


def test_a_broken_translation_refuses_the_folder_and_is_named(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    put_translation(tmp_path, {**HEAD, "questions": {"money": {"prompt": "Qui paie ?"}}})
    with pytest.raises(QuestionnaireError):
        load_unlocked(tmp_path)
    (problem,) = refused_folder(tmp_path)
    assert (problem.source, problem.line, problem.code) == (SOURCE, 6, errors.TRANSLATION_UNKNOWN.code)


def test_a_translation_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    (tmp_path / SOURCE).mkdir(parents=True)
    assert refused_folder(tmp_path) == (errors.FILE_UNREADABLE.at(SOURCE, 0, reason="Is a directory"),)


def test_other_files_beside_translations_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    put_translation(tmp_path, HEAD)
    (tmp_path / SOURCE).with_name("README.md").write_text("# How to translate")
    catalogue = load_catalogue(tmp_path)
    assert catalogue.languages(catalogue.get("example", "1.0.0")) == ("en", "fr")


# A shipped questionnaire in French --------------------------------------------------------------------------------


@pytest.fixture
def bilingual(tmp_path: Path) -> Catalogue:
    """The shipped questionnaires with a French translation of one dimension of one of them."""
    folder = shutil.copytree(SHIPPED, tmp_path / "questionnaires")
    file = folder / "data-governance" / "1.0.0" / "lang" / "fr.yaml"
    file.parent.mkdir(exist_ok=True)
    shutil.copy(FRENCH, file)
    return load_catalogue(folder)


def test_a_dimension_of_a_shipped_questionnaire_reads_in_french_and_the_rest_in_english(
    bilingual: Catalogue,
) -> None:
    first = bilingual.get("data-governance", "1.0.0")
    french = bilingual.in_language(first, "fr")
    assert "fr" in bilingual.languages(first)
    direction, *others = french.dimensions
    assert direction.title == "Cap et soutien"
    assert [one.prompt for one in direction.questions][2:] == [
        "Comment savez-vous qu’un usage des données en valait la peine ?",
        "Savez-vous ce que le travail sur les données coûte en argent et en temps ?",
        "Comment expliquez-vous le changement à ceux qui ne travaillent pas sur les données ?",
    ]
    english = first.dimensions[0].questions
    assert not {one.prompt for one in direction.questions} & {one.prompt for one in english}
    assert tuple(others) == first.dimensions[1:]
    assert [french.level_name(level) for level in range(1, 6)] == [
        "Initial", "Émergent", "Défini", "Piloté", "Optimisé",
    ]  # fmt: skip


def test_the_shipped_questionnaire_means_the_same_in_french(bilingual: Catalogue) -> None:
    first = bilingual.get("data-governance", "1.0.0")
    assert without_words(bilingual.in_language(first, "fr")) == without_words(first)
    assert content_hash(first) == content_hash(load_catalogue(SHIPPED).get("data-governance", "1.0.0"))


def test_how_much_of_the_shipped_questionnaire_is_translated_is_counted(bilingual: Catalogue) -> None:
    first = bilingual.get("data-governance", "1.0.0")
    found = coverage(first, bilingual.translations[first.reference]["fr"])
    # Title, five levels, the dimension with its summary, two titles, five prompts, one kind of evidence, six descriptors.
    assert found.translated == 1 + 5 + 2 + 2 + 5 + 1 + 6
    # Title and summary, five levels, six dimensions, 27 questions with four texts and five descriptors, vignettes.
    assert found.total == 2 + 5 + 6 * 2 + 27 * (4 + 5) + 2
    assert found.first_missing == "summary"
    assert 0.08 < found.share < 0.09


# Scores -----------------------------------------------------------------------------------------------------------

ANSWERS: list[dict[str, Any]] = [
    {"dgm-exec-sponsor": 4, "dgm-data-strategy": "3 with document", "dgm-use-case-value": 2, "dgm-cost-visibility": 1,
     "dgm-plain-words": "don't know", "dgm-decision-rights": 5, "dgm-access-rules": "4 with telemetry"},
    {"dgm-exec-sponsor": 1, "dgm-data-strategy": "not applicable", "dgm-use-case-value": 5},
    {},
]  # fmt: skip


@pytest.mark.parametrize("answers", ANSWERS, ids=["some", "few", "none"])
def test_the_scores_are_the_same_in_both_languages(bilingual: Catalogue, answers: dict[str, Any]) -> None:
    first = bilingual.get("data-governance", "1.0.0")
    french = bilingual.in_language(first, "fr")
    english, other = (scores(version, answers) for version in (first, french))
    assert other["dimension_title"].iloc[:2].tolist() == [
        "Maturité de la gouvernance des données",
        "Cap et soutien",
    ]
    pd.testing.assert_frame_equal(
        english.drop(columns="dimension_title"), other.drop(columns="dimension_title")
    )  # fmt: skip


def scores(version: Questionnaire, answers: Mapping[str, Any]) -> pd.DataFrame:
    """The score table of one country that gave these answers."""
    whose = {
        "round_id": "r",
        "unit_id": "FR",
        "questionnaire_id": version.id,
        "questionnaire_version": "1.0.0",
    }
    rows = list(answer_rows(answers, **whose))
    table = pd.DataFrame(rows, columns=list(ANSWER_COLUMNS), dtype=str).fillna("")
    organisation = organisation_of([Unit("FR", "France", UnitKind.COUNTRY)])
    asked_of = [Asked("r", "FR", version.id, version.version, None)]
    rounds = {"r": Round("r", "A round")}
    return score_table(ScoringInput(catalogue_of([version]), organisation, rounds, table, asked_of, []))


def test_a_translated_version_has_its_words_wherever_questions_are_looked_up(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    put_translation(tmp_path, WHOLE)
    catalogue = load_catalogue(tmp_path)
    french = catalogue.in_language(catalogue.get("example", "1.0.0"), "fr")
    assert french.questions["forum"].prompt == "Qui décide ?"


def test_options_and_dimensions_looked_up_before_are_translated_all_the_same() -> None:
    first = example()
    assert first.questions["sponsor"].options_by_id["1"].label == "None can be named."
    assert first.dimension_of["sponsor"].title == "About direction"
    second = translated(first, translation(WHOLE, first))
    assert second.dimensions[0].questions[0].options_by_id["1"].label == "Personne."
    assert second.dimension_of["sponsor"].title == "Le cap"


def test_vignettes_looked_up_before_are_rated_in_the_language_of_the_session() -> None:
    first = example()
    assert list(first.ratings) == ["a-quiet-sponsor"]
    second = translated(first, translation(WHOLE, first))
    assert second.ratings["a-quiet-sponsor"].options[0].label == "Personne."


def test_a_translation_of_a_text_that_the_version_lacks_does_not_break_the_coverage() -> None:
    words = {**HEAD, "dimensions": {"decisions": {"summary": "Qui décide, et de quoi."}}}
    assert coverage(example(), translation(words)).translated == 0


def test_a_translation_into_the_first_language_is_refused(tmp_path: Path) -> None:
    put(tmp_path, EXAMPLE)
    put_translation(tmp_path, {**HEAD, "language": "en"}, "example/1.0.0/lang/en.yaml")
    with pytest.raises(QuestionnaireError) as refusal:
        load_catalogue(tmp_path)
    source = "example/1.0.0/lang/en.yaml"
    assert refusal.value.problems == (
        errors.TRANSLATION_NEEDLESS.at(source, 1, reference="example@1.0.0", language="en"),
    )


def test_two_options_that_read_the_same_in_translation_are_refused() -> None:
    refused({**HEAD, "questions": {"sponsor": {"options": {"1": "Oui", "2": "Oui"}}}})


def test_a_range_of_values_has_no_levels_to_translate() -> None:
    options = [{"id": "no", "label": "No", "value": 0}, {"id": "yes", "label": "Yes", "value": 1}]
    own = example(
        questionnaire(dimension("d", question(options=options)), scale={"minimum": 0, "maximum": 1})
    )
    refused({**HEAD, "scale": {"1": "Oui"}}, own)
