"""No screen holds a transaction: Streamlit may stop a script at any of its own calls, and start it again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SHELL = Path(__file__).parents[1] / "assessment"
SCREENS = sorted([*(SHELL / "pages").glob("*.py"), *(SHELL / "ui").glob("*.py")])


def transactions(tree: ast.AST) -> Iterator[tuple[str, ast.With]]:
    """Every `with store.read()` or `with store.write()`, and which of the two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            for item in node.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    if call.func.attr in ("read", "write") and "store" in ast.unparse(call.func.value):
                        yield call.func.attr, node


def faults(source: str) -> list[str]:
    found = []
    for kind, block in transactions(ast.parse(source)):
        if kind == "write":
            found.append(f"line {block.lineno}: a screen writes; that is an action's work")
        for statement in block.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and node.id == "st":
                    found.append(f"line {node.lineno}: Streamlit is called within a transaction")
    return found


@pytest.mark.parametrize("file", SCREENS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_screen_holds_a_transaction_across_a_call_of_streamlit(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8")) == []


def test_the_check_finds_both_faults() -> None:
    assert faults("with place.store.write() as c:\n    save(c)") == [
        "line 1: a screen writes; that is an action's work"
    ]
    assert faults("with store().read() as c:\n    if c:\n        st.write(1)") == [
        "line 3: Streamlit is called within a transaction"
    ]
