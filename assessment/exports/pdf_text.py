"""Text for PDF: names are hostile, and not every character has a shape in the typefaces that a PDF is set in.

Nothing here escapes: texts reach the template as data, never as markup. What goes away or is replaced is what can't be
printed, or would turn round or break the sentence beside it.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from tempfile import TemporaryDirectory
from typing import Any

import font_source_sans_pro
import typst

from assessment.charts.labels import text_columns

#: The standard that every file keeps to, as far as the compiler checks.
STANDARD: typst.PDFStandard = "ua-1"
#: Stands for a character that none of the typefaces has.
NO_SHAPE = "□"
# The face of the screens in the weights that the templates use; named one by one, so that no order of files matters.
_FACES = ("SourceSansPro", "SourceSansProSemibold", "SourceSansProBold", "SourceSansProIt")
# Embeddings, overrides and isolates would turn round what follows the name; letters bring their own direction.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# The typefaces have no heavy cross.
_INSTEAD = {"✕": "×"}
# What some letters take over one column.
_MORE = dict.fromkeys("WM@%", 0.9) | dict.fromkeys("wm", 0.6)
# A longer word may be broken after so many characters, by a space of no width.
_LONG_WORD, _PIECE, _BREAK = 24, 8, "\u200b"
# Up to here Source Sans has every letter: nothing to try.
_PLAIN = re.compile("[\\x20-\\x7e\\xa0-\\u017f]*")
_ONE_CHARACTER = b'#set document(title: "x")\n#set text(font: "Source Sans Pro")\n#sys.inputs.character'
_EVERY_FACE = b"""#set text(font: "Source Sans Pro")
a #text(weight: "semibold")[a] #text(weight: "bold")[a] #text(style: "italic")[a]"""


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The typefaces of every PDF: those of the package and what the compiler brings, none of the machine's.

    The compiler searches folders and takes the first of two files of one face, in the order of the file system; so it is
    given a folder with one file of each. It keeps what it has once read, and the folder goes again.
    """
    with TemporaryDirectory() as folder:
        for name in _FACES:
            shutil.copy(font_source_sans_pro.font_files_otf[name], folder)
        found = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        typst.Compiler(_EVERY_FACE, font_paths=found, ignore_system_fonts=True).compile(format="pdf")
    return found


def printable(value: Any) -> Any:
    """The same lists, mappings and numbers, with every text on one line and of characters that can be drawn."""
    if isinstance(value, str):
        drawn = value if _PLAIN.fullmatch(value) else "".join(map(_drawn, value))
        return " ".join(map(_breakable, drawn.split()))
    if isinstance(value, dict):
        return {key: printable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [printable(entry) for entry in value]
    return value


def _breakable(word: str) -> str:
    """A word with places where a line may break; only one that no line would hold."""
    if len(word) <= _LONG_WORD:
        return word
    return _BREAK.join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))


def cut(text: str, columns: int) -> str:
    """The text in at most `columns` of Latin letters; what is left out is seen to be.

    >>> cut("Roles and decision rights", 12), cut("Roles", 12)
    ('Roles and…', 'Roles')
    """
    text = " ".join(text.split())
    ends = list(accumulate(map(_room, text)))
    if not ends or ends[-1] <= columns:
        return text
    return text[: bisect_right(ends, columns - 1)].rstrip() + "…"


def _room(character: str) -> float:
    """The width of a character in columns: capitals take more than one."""
    return text_columns(character) + _MORE.get(character, 0.3 * character.isupper())


def _drawn(character: str) -> str:
    """A character as it is printed: itself, a space, nothing, or the sign for what has no shape."""
    if _PLAIN.fullmatch(character):
        return character
    if character in _TURNING:
        return ""
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    instead = _INSTEAD.get(character, character)
    return instead if _has_shape(instead) else NO_SHAPE


@lru_cache(maxsize=8192)
def _has_shape(character: str) -> bool:
    """Whether one of the typefaces has it: the compiler is asked, because it alone knows where it falls back to."""
    if unicodedata.category(character) == "Cs":
        return False
    compiler = typst.Compiler(_ONE_CHARACTER, font_paths=fonts(), ignore_system_fonts=True)
    try:
        compiler.compile(format="pdf", sys_inputs={"character": character}, pdf_standards=[STANDARD])
    except typst.TypstError:
        return False
    return True
