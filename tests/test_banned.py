"""What would run a text that somebody wrote, as markup, as SQL or as a program, is nowhere in the product."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [ROOT / "app.py", *sorted((ROOT / "assessment").rglob("*.py"))]
#: Where HTML is written: rules of style, and links that Markdown would open in another tab. No text of people's is in any.
HTML_IN = {"assessment/ui/style.py": 1, "assessment/ui/turning.py": 2, "assessment/ui/visiting.py": 2}
#: SQL that is put together, each of names of ours: a lock's and a number's.
SQL_IN = {"assessment/store/engine.py": 1}
_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "jsonpickle"}
_NAMES = {"eval", "exec", "compile", "__import__"}
#: pandas runs the text that it is given; `components` are pages of their own.
_METHODS = {
    "query",
    "eval",
    "read_pickle",
    "to_pickle",
    "iframe",
    "declare_component",
    "unsafe_load",
    "full_load",
}
_SQL = {"text", "exec_driver_sql"}


def faults(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            yield from (
                f"line {node.lineno}: imports {name}" for name in names if name.partition(".")[0] in _MODULES
            )
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name in (_METHODS if isinstance(called, ast.Attribute) else _NAMES):
            yield f"line {node.lineno}: runs a text by {name}"
        if name == "html" and isinstance(called, ast.Attribute):
            yield f"line {node.lineno}: html"
        if any(keyword.arg in ("unsafe_allow_html", "unsafe_allow_javascript") for keyword in node.keywords):
            yield f"line {node.lineno}: lets HTML through"
        if name in _SQL and node.args and _is_put_together(node.args[0]):
            yield f"line {node.lineno}: sql put together"


def _is_put_together(argument: ast.expr) -> bool:
    is_format = (
        isinstance(argument, ast.Call)
        and isinstance(argument.func, ast.Attribute)
        and argument.func.attr in ("format", "join")
    )
    return is_format or isinstance(argument, (ast.JoinedStr, ast.BinOp))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_runs_what_somebody_wrote(file: Path) -> None:
    name, found = str(file.relative_to(ROOT)), list(faults(file.read_text(encoding="utf-8")))
    html = [fault for fault in found if fault.endswith(": html")]
    sql = [fault for fault in found if fault.endswith("sql put together")]
    assert len(html) == HTML_IN.get(name, 0), html
    assert len(sql) == SQL_IN.get(name, 0), sql
    assert set(found) - set(html) - set(sql) == set()


@pytest.mark.parametrize(
    "source",
    [
        "st.markdown(x, unsafe_allow_html=True)", "st.html(x, unsafe_allow_javascript=True)", "st.html(x)", "components.html(x)",
        "eval(x)", "frame.query(x)", "frame.eval(x)", "pd.read_pickle(x)", "import pickle", "from pickle import loads",
        "import joblib as j", "text(f'SELECT {x}')", "text('SELECT ' + x)", "sa.text('SELECT %s' % x)", "text('{}'.format(x))",
        "connection.exec_driver_sql(f'SELECT {x}')", "st.components.v1.declare_component(x)",
    ],
)  # fmt: skip
def test_the_check_finds_each_of_them(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    ["text('SELECT :x')", "select(table)", "re.compile(x)", "st.query_params.get(x)", "frame[frame.x > 1]"],
)
def test_the_check_leaves_alone_what_is_harmless(source: str) -> None:
    assert not list(faults(source))
