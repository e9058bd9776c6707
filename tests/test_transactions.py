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
        for item in node.items if isinstance(node, ast.With) else ():
            call = item.context_expr
            method = call.func if isinstance(call, ast.Call) else None
            if (
                isinstance(node, ast.With)
                and isinstance(method, ast.Attribute)
                and "store" in ast.unparse(method)
            ):
                yield method.attr, node


def faults(source: str) -> Iterator[str]:
    for kind, block in transactions(ast.parse(source)):
        if kind == "write":
            yield f"line {block.lineno}: a screen writes; that is an action's work"
        inside = [node for statement in block.body for node in ast.walk(statement)]
        for node in inside:
            if isinstance(node, ast.Name) and node.id == "st":
                yield f"line {node.lineno}: Streamlit is called within a transaction"


@pytest.mark.parametrize("file", SCREENS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_screen_holds_a_transaction_across_a_call_of_streamlit(file: Path) -> None:
    assert list(faults(file.read_text(encoding="utf-8"))) == []


def test_the_check_finds_both_faults() -> None:
    assert list(faults("with place.store.write() as c:\n    save(c)")) == [
        "line 1: a screen writes; that is an action's work"
    ]
    assert list(faults("with store().read() as c:\n    if c:\n        st.write(1)")) == [
        "line 3: Streamlit is called within a transaction"
    ]
