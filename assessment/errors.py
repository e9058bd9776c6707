"""What can go wrong, in words: the exception tree, and every coded message that a person may read.

A message says where, what, the rule and the fix. Wording lives here once; tests format the same templates.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in something that a person brought: a questionnaire, an answers file, a setting.

    `line` counts from 1; 0 means that the whole source is meant.
    """

    source: str
    line: int
    code: str
    text: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class Message:
    """A template with its permanent code; `at` fills it in for one place."""

    code: str
    template: str

    def at(self, source: str, line: int, /, **values: object) -> Problem:
        return Problem(source, line, self.code, self.template.format(**values))


class AssessmentError(Exception):
    """The root of every error that pages and the command line show to people; the rest is a bug."""


class _WithProblems(AssessmentError):
    """An input that was refused as a whole; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class SettingsError(_WithProblems):
    """A setting has a value that can't be used."""


class QuestionnaireError(_WithProblems):
    """A questionnaire, or the lock of the published ones, can't be trusted."""


class IntakeError(_WithProblems):
    """A file that somebody brought can't be taken; nothing of it was written."""


class ResponseError(AssessmentError):
    """An answer or a step of an assessment that the rules don't allow."""


#: What is forbidden and what doesn't exist are told in the same words.
NOT_HERE = "This isn't here, or it isn't yours to see or change."


class NotAllowed(AssessmentError):
    """The person's role doesn't permit this here. Says nothing about whether the thing exists."""


class NoLongerHere(AssessmentError):
    """Who signed in isn't any more, or has the role no more; nothing is read or written for them."""


class StoreError(AssessmentError):
    """The store could not do what was asked; nothing was written."""


class EditConflict(StoreError):
    """Somebody else changed the answer since it was read; `current` is what is stored now."""

    def __init__(self, current: object) -> None:
        self.current = current
        super().__init__("Somebody else changed this answer in the meantime. Choose which one to keep.")


def suggestion(word: str, known: Iterable[str]) -> str:
    """' Did you mean …?' for a near miss among `known`, else nothing.

    >>> suggestion("dgm-exec-sponser", ["dgm-exec-sponsor"])
    " Did you mean 'dgm-exec-sponsor'?"
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.75)
    return f" Did you mean '{near[0]}'?" if near else ""


def listed(words: Iterable[object]) -> str:
    """The words in a row, for a sentence: 'a, b, c'."""
    return ", ".join(str(word) for word in words)


# Settings -----------------------------------------------------------------------------------------
SETTING_INVALID = Message("S101", "{name} is '{value}': {rule}")
SETTING_UNKNOWN = Message("S102", "there is no setting '{name}'.{suggestion} Known: {known}.")
SETTING_UNREADABLE = Message("S103", "the settings file can't be read: {reason}")

ADDRESS_OPEN = Message(
    "S104",
    "the server would listen on '{address}', and without sign-in everybody who reaches it may act in every role. "
    "Use 127.0.0.1, let people sign in (MESH_READINESS_SIGN_IN), or set {name}=true if that is what you want.",
)
SETTING_MISSING = Message(
    "S105", "{name} is not set, and signing in by '{way}' needs it. docs/settings.md says what it is."
)
GROUP_RULE_INVALID = Message(
    "S106",
    "the group '{group}' is to give '{given}', which is no role: {rule}. Write a role, or a role and a unit: "
    "'cdao', 'country_leader FR', 'domain_owner FR.sales'.",
)
EXTRA_MISSING = Message(
    "S107",
    "this way of signing in needs the package '{name}', which isn't installed: pip install '.[{extra}]'.",
)

# Questionnaires: the file as YAML -------------------------------------------------------------------
FILE_UNREADABLE = Message("Q101", "the file can't be read: {reason}")
FILE_TOO_LARGE = Message(
    "Q102", "the file has {size} bytes; at most {limit} are read. Split it or shorten texts."
)
FILE_NOT_UTF8 = Message("Q103", "byte {byte} is not UTF-8. Save the file with UTF-8 encoding.")
YAML_SYNTAX = Message("Q104", "not valid YAML: {reason}. Nothing below this line was checked.")
YAML_ALIAS = Message("Q105", "'{name}' is an anchor or alias; they are not allowed. Write the text out.")
YAML_TAG = Message("Q106", "the tag '{tag}' is not allowed. Remove it; quote the text if it starts with '!'.")
YAML_DUPLICATE_KEY = Message(
    "Q107", "'{key}' stands twice (first on line {first}); one would be lost. Keep one of them."
)
YAML_TOO_DEEP = Message("Q108", "nested deeper than {limit} levels. Flatten the structure.")
YAML_TOO_MANY = Message("Q109", "more than {limit} values in one file. Split the questionnaire.")
YAML_KEY_NOT_TEXT = Message("Q110", "a key must be plain text, not a list or a mapping.")
YAML_TEXT_TOO_LONG = Message("Q111", "a text of {size} characters; at most {limit} are allowed. Shorten it.")
YAML_EMPTY = Message("Q112", "the file is empty; a questionnaire starts with 'id:'.")

# Questionnaires: each value by itself ---------------------------------------------------------------
KEY_UNKNOWN = Message("Q201", "'{key}' is not known here.{suggestion} Allowed: {allowed}.")
KEY_MISSING = Message("Q202", "'{key}' is missing; it is mandatory here. Add '{key}:'.")
VALUE_INVALID = Message("Q203", "'{key}' is {value}: {rule}.")
CHOICE_UNKNOWN = Message("Q204", "'{key}' is '{value}'; it must be one of {allowed}.{suggestion}")
TEXT_EXPECTED = Message(
    "Q205", "'{key}' is {value}, which YAML reads as {kind}; write it as text in quotes: \"{value}\"."
)
PARTS_DISAGREE = Message("Q208", "the parts of '{key}' don't fit together: {rule}.")
LIST_EXPECTED = Message("Q206", "'{key}' must be a list; start each entry with '- '.")
MAPPING_EXPECTED = Message("Q207", "'{key}' must be a mapping of 'name: value' lines.")

# Questionnaires: values against one another -----------------------------------------------------------
ID_DUPLICATE = Message(
    "Q301", "the {what} id '{id}' is used already on line {first}. Ids are unique; choose another."
)
OPTIONS_OR_LEVELS = Message("Q302", "'{id}' needs either 'levels' or 'options', and has {found}. Keep one.")
LEVELS_DIFFER = Message(
    "Q303", "'{id}' describes the levels {found}; the scale has {scale}. Describe each level once."
)
LEVELS_NEED_SCALE = Message(
    "Q304", "'{id}' uses 'levels', but the scale has no levels. Use 'options' with values."
)
OPTION_OUT_OF_SCALE = Message(
    "Q305", "option '{option}' of '{id}' is worth {value}; the scale runs from {low} to {high}."
)
OPTIONS_TOO_FEW = Message("Q306", "'{id}' has fewer than two options. A question needs a choice.")
GATE_NEEDS_LEVELS = Message("Q307", "'{id}' has a gate, but the scale has no levels. Remove the gate.")
GATE_OUT_OF_SCALE = Message("Q308", "the gate of '{id}' asks for level {level}; the scale has {scale}.")
GATE_UNSCORED = Message(
    "Q309", "'{id}' has a gate but weight 0, so no score would show it. Give it a weight or drop the gate."
)
REFERENCE_UNKNOWN = Message(
    "Q310", "'{key}' of '{id}' names '{target}', which is no question here.{suggestion}"
)
REFERENCE_CYCLE = Message("Q311", "'{key}' goes round in a circle: {circle}. Break it at one place.")
DIMENSION_EMPTY = Message(
    "Q312", "dimension '{id}' has neither questions nor dimensions. Add some or remove it."
)
DIMENSION_BOTH = Message("Q313", "dimension '{id}' has questions and dimensions; it may hold one kind only.")
WEIGHTS_ALL_ZERO = Message(
    "Q314", "all weights in '{id}' are 0, so it could never have a score. Give one a weight."
)
SCALE_AMBIGUOUS = Message("Q315", "the scale needs either a list of levels or 'minimum' and 'maximum'.")
SCALE_ORDER = Message("Q316", "the scale must rise, and levels one by one: {found}.")
CONDITION_UNREACHABLE = Message(
    "Q317", "'{id}' is shown when '{target}' is at least {value}, which none of its options reaches."
)
VIGNETTE_NEEDS_LEVELS = Message(
    "Q320", "vignette '{id}' is rated with levels, but the scale has none. Remove the vignette."
)
VIGNETTE_OUT_OF_SCALE = Message("Q321", "vignette '{id}' means level {level}; the scale has {scale}.")
QUESTION_UNKNOWN = Message(
    "Q322", "'{key}' names '{target}', which no questionnaire asks.{suggestion} Correct the id."
)
FACT_UNKNOWN = Message(
    "Q323", "'fact' names '{target}', which facts.yaml doesn't have.{suggestion} Correct the id."
)
BAND_UNKNOWN = Message(
    "Q324", "'{key}' names '{target}', which is no band of sustainability.{suggestion} Correct it."
)
GATES_UNKNOWN = Message(
    "Q325", "'{key}' names '{target}', which is no questionnaire.{suggestion} Correct the id."
)
AGGREGATE_NEEDS_POSITIVE = Message(
    "Q319", "'{aggregate}' needs a scale that starts at 0 or above; this one starts at {low}. Use 'mean'."
)
LABEL_DUPLICATE = Message("Q318", "two options of '{id}' read '{label}'. Options must be told apart.")

# Questionnaires: the catalogue and its lock ------------------------------------------------------------
FOLDER_MISMATCH = Message("Q401", "the file says {found}, its folder says {folder}. They must agree.")
VERSION_UNKNOWN = Message("Q402", "there is no questionnaire '{reference}'.{suggestion} Known: {known}.")
LOCK_MISSING = Message(
    "Q403", "{reference} is published but not in {lock}. Run 'mesh-readiness questionnaires lock'."
)
LOCK_MISMATCH = Message(
    "Q404",
    "{reference} is published and has changed since (its content is {found}, the lock says {locked}). "
    "A published version never changes: restore the file, or make a new version folder.{changes}",
)
LOCK_LINE = Message("Q405", "'{line}' is not of the form 'id@version sha256:…'. Restore the file from git.")
LOCK_ORPHAN = Message("Q406", "{reference} is locked but its file is gone. Restore it; old rounds need it.")
FILE_PASSED_OVER = Message(
    "Q414",
    "nothing reads a file of this name here. Known: <id>/<version>/questionnaire.yaml, lang/<language>.yaml beside it, "
    "crosswalks/<id>/<from>--<to>.yaml, verdicts/<version>.yaml, facts.yaml, elements.yaml, principles.yaml. Rename or remove it.",
)
LOCK_TWICE = Message("Q408", "{reference} is locked twice. Restore the file from git.")
STEP_TOO_SMALL = Message(
    "Q409",
    "the step from {before} to {after} is too small for what changed ({why}); it needs a {step} version. "
    "Raise the number, or confirm with --same-meaning which questions mean what they meant.",
)
TWO_QUESTIONNAIRES = Message(
    "Q412",
    "{before} and {after} are two questionnaires, so there is no step between them. Compare versions of one.",
)
TRANSLATION_UNKNOWN = Message("Q410", "'{key}' names '{id}', which {reference} doesn't have.{suggestion}")
TRANSLATION_NEEDLESS = Message(
    "Q413",
    "{reference} is written in '{language}' itself. A translation is for another language; remove this file.",
)
TRANSLATION_PLACE = Message(
    "Q411", "the file says {found} in '{language}', its place says {place}. They must agree."
)
FOLDER_MISSING = Message("Q407", "no questionnaires here; expected <id>/<version>/questionnaire.yaml.")
CROSSWALK_NAME = Message("Q601", "{reference} has no question '{id}'.{suggestion}")
CROSSWALK_MISSING = Message(
    "Q602",
    "nothing is said of '{id}' of {reference}. Say what it is to the other version; if it is as it was, "
    "'all_others: same' says so of all.",
)
CROSSWALK_TWICE = Message("Q603", "'{id}' of {reference} is told of twice. Keep one.")
CROSSWALK_CONTRADICTED = Message(
    "Q604", "'{id}' is called {relation}, but its change is one of {change}. What fits: {fitting}."
)
CROSSWALK_OPTION = Message(
    "Q605",
    "'{id}' of {reference} has no option '{option}'. Lead each earlier option to a later one under 'options', or to "
    "null where none says the same.",
)
CROSSWALK_PARTS = Message("Q606", "'{id}' is {relation}: '{key}' has to name at least two questions.")
CROSSWALK_OTHERS = Message(
    "Q607",
    "'all_others' is '{relation}'; only 'same' can be said of questions that aren't looked at one by one.",
)
CROSSWALK_PLACE = Message(
    "Q608",
    "the file says {found}; its place says {place}. They must agree: crosswalks/<id>/<from>--<to>.yaml.",
)
CROSSWALK_BACKWARDS = Message(
    "Q609",
    "it leads from {before} to {after}, which isn't later. A crosswalk leads from a version to a later one.",
)
FOREIGN_MISSING = Message(
    "Q701",
    "there is no {what} in it. Is it what the format says? docs/questionnaires.md tells what each is made of.",
)

# Questionnaires: style; findings stop a publication, never a load ---------------------------------------
LINT_ALIKE = Message(
    "Q501", "'{id}': options {one} and {other} read almost the same. Say what is different to see."
)
LINT_ASKS_TWICE = Message(
    "Q502", "'{id}' asks more than one thing: '{prompt}' Ask one, or make two questions."
)
LINT_VAGUE = Message(
    "Q503", "'{id}': its {what} says '{word}' and no number. Say how many, how much, or how long."
)
LINT_HARD_TO_READ = Message(
    "Q504", "'{id}' is hard to read (LIX {found}, at most {limit}). Use shorter sentences and words."
)
LINT_TOO_LONG = Message("Q505", "'{id}': its {what} has {found} words; at most {limit} are read at a glance.")
LINT_REVERSED = Message(
    "Q506", "'{id}': its best option says that something is absent ('{label}'). Are the values reversed?"
)
LINT_VALUES_JUMP = Message(
    "Q507", "'{id}': the values of its options rise and fall again. List them from lowest to highest."
)
LINT_CORE_SHARE = Message(
    "Q508",
    "core questions carry {found} of the weight; trends need at least {least}. Make more of them core.",
)
LINT_ID_SHARED = Message("Q509", "'{id}' is a question of {other} too. Ids are unique; choose another.")
LINT_ID_REUSED = Message(
    "Q510", "'{id}' asks something else than in {other}. An id is never reused: choose a new one."
)
LINT_TEXT_MISSING = Message("Q511", "'{id}' has no '{key}'. Say {use}.")
LINT_VIGNETTES = Message(
    "Q512",
    "'{id}' has {found} vignettes on {questions} questions; two, on two questions, show how differently levels are read.",
)
LINT_NO_DATE = Message("Q513", "{reference} is published without a date. Add 'published_on'.")
LINT_JARGON = Message(
    "Q514", "'{id}': its {what} says '{word}', a word of specialists. Say it in plain words."
)
LINT_END_UNREACHABLE = Message(
    "Q515",
    "'{id}' has no option worth {low}, or none worth {high}, so one end of the scale can't be reached.",
)
LINT_VIGNETTE_UNITS = Message(
    "Q516", "vignette '{id}' uses '{question}', which not all units are asked. Choose one for everybody."
)
LINT_SENTENCE = Message(
    "Q517", "'{id}': a sentence in its {what} has {found} words; at most {limit}. Split it."
)
LINT_TITLE_LONG = Message(
    "Q518", "'{id}': its title has {found} characters; at most {limit} fit the head of a column. Shorten it."
)
LINT_TITLE_SHARED = Message(
    "Q519", "'{id}' is called '{title}', as '{other}' is. Give each a title of its own, to tell them apart."
)

# Files that people bring --------------------------------------------------------------------------------
TABLE_UNREADABLE = Message("A101", "the file can't be read: {reason}")
TABLE_TOO_LARGE = Message("A102", "the file has {size} bytes; at most {limit} are read. Split it by round.")
TABLE_NOT_UTF8 = Message("A103", "the byte 0x{byte:02x} is not UTF-8. Save the file as 'CSV UTF-8'.")
TABLE_EMPTY = Message("A104", "the file has no header line. The first line names the columns: {columns}.")
TABLE_SYNTAX = Message("A105", "the line can't be split into columns: {reason}. Check the quotes.")
COLUMN_MISSING = Message("A106", "the column '{column}' is missing.{suggestion} Needed: {needed}.")
COLUMN_UNKNOWN = Message(
    "A107", "the column '{column}' is not known.{suggestion} Known: {known}. Rename or remove it."
)
COLUMN_TWICE = Message("A108", "the column '{column}' stands twice. Keep one.")
ROW_LENGTH = Message(
    "A109", "{found} values for {expected} columns. Quote texts that contain the separator '{separator}'."
)
TABLE_ENCODING = Message("A110", "the file is {encoding}, not UTF-8. Save the file as 'CSV UTF-8'.")
TABLE_NUL = Message(
    "A111", "the line holds a NUL, which is no character of a text. Save the file as 'CSV UTF-8' again."
)
TABLE_TOO_WIDE = Message(
    "A112", "the header has {found} columns; at most {limit} are read. Remove what isn't needed."
)
PROBLEMS_UNLISTED = Message(
    "A113", "{count} more problems are not listed. Correct these first, then check the file again."
)
CELL_EMPTY = Message("A201", "'{column}' is empty; it is mandatory.")
CELL_CHOICE = Message("A202", "'{column}' is '{value}'; it must be one of {allowed}.{suggestion}")
CELL_UNKNOWN = Message("A203", "'{column}' is '{value}', which {where} does not have.{suggestion}")
VERSION_NOT_THERE = Message("A204", "{questionnaire} has no version '{value}'. Known: {known}.")
NOT_ASKED = Message("A205", "'{question}' is not asked of a {kind} ('{unit}'). Remove the row.")
VALUE_MISSING = Message(
    "A206", "the state is 'answered' but 'value' is empty. Give the option, or another state."
)
VALUE_UNEXPECTED = Message(
    "A207", "the state is '{state}' but 'value' is '{value}'. Empty the value or use 'answered'."
)
VALUE_UNKNOWN = Message("A208", "'{value}' is no option of '{question}'. Options: {options}.{suggestion}")
REASON_MISSING = Message("A209", "'not_applicable' needs a 'reason'. Say why the question doesn't apply.")
CELL_TIME = Message(
    "A210", "'{column}' is '{value}', not a date or time like 2026-11-22 or 2026-11-22T14:32:00+00:00."
)
ROW_DUPLICATE = Message("A211", "answers {what} again (first on line {first}). Keep one row.")
CELL_NUMBER = Message(
    "A212", "'{column}' is '{value}', not a number between {low} and {high}. Use a decimal point."
)
PARENT_INVALID = Message(
    "A213", "'{unit}' is a {kind}; its parent must be {rule}, not {found}. Correct 'parent_id' or 'kind'."
)
EVIDENCE_LINK = Message(
    "A214",
    "'evidence_ref' has the scheme '{scheme}'; a link must be http or https. Or write a plain reference.",
)
ROW_TWICE = Message("A215", "{what} stands here again (first on line {first}). Keep one row.")
CELL_FORM = Message("A216", "'{column}' is '{value}': {rule}.")
DATES_ORDER = Message(
    "A217", "'closes_on' is {closes}, before 'opens_on' {opens}. Swap or correct the dates."
)
PARENT_CYCLE = Message("A218", "'parent_id' goes round in a circle: {circle}. Break it at one place.")
ROOT_TWICE = Message(
    "A219", "'{unit}' is a second group without a parent (first on line {first}). Keep one root."
)
TREE_TOO_DEEP = Message("A220", "'{unit}' is nested deeper than {limit} groups. Flatten the tree.")
TYPED_TWICE = Message("A221", "'{name}' stands there twice (first on line {first}). Keep one line.")
TYPED_ALIKE = Message(
    "A222",
    "'{name}' would get the id '{id}' as '{other}' on line {first} does; ids are unique. Word one differently{code}.",
)
TYPED_TAKEN = Message(
    "A223",
    "'{name}' would get the id '{id}', which '{other}' has already; ids are permanent. Take another code, or rename "
    "'{other}'.",
)
TYPED_KNOWN = Message(
    "A224",
    "'{name}' is here already, as '{id}'. Leave the line out; if it is another one, give it a name of its own.",
)
TYPED_NO_GROUP = Message("A225", "the group has no name; it stands above its countries. Write one.")
TYPED_LONG = Message("A226", "the name has {size} characters; at most {limit} are allowed. Shorten it.")
WORKBOOK_BOMB = Message("A301", "this unpacks to far more than a workbook of ours. Download a new one.")
WORKBOOK_BROKEN = Message("A302", "this isn't a workbook made here: {reason}. Download a new one.")
WORKBOOK_QUESTION = Message(
    "A303",
    "'{name}' is no question of this questionnaire, or stands here twice. Don't change the locked cells.",
)
WORKBOOK_CHOICE = Message("A304", "'{words}' is none of the choices. Take one from the cell's list.")
WORKBOOK_ANSWER = Message("A305", "{reason}")

# Data packages ------------------------------------------------------------------------------------
PACKAGE_BROKEN = Message("A401", "this isn't a data package: {reason}. Export it again.")
PACKAGE_TOO_LARGE = Message("A402", "this unpacks to {size} bytes; at most {limit} are read.")
PACKAGE_INCOMPLETE = Message("A403", "the package has no '{file}'. Export it again.")
PACKAGE_CHANGED = Message(
    "A404", "the file isn't what datapackage.json says (SHA-256). Export it again; don't edit what is inside."
)
PACKAGE_DISAGREES = Message("A405", "{what} isn't in {file}. Export the package again.")
