"""Tables that are read on a page: every cell as it was written, however many there are."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def drawn(rows: int) -> AppTest:
    def script(number: int) -> None:
        import pandas as pd

        from assessment.ui.tables import draw_table

        lines = [["![x](http://a) *Ben*", "3.4", "−0.2"]] * number
        draw_table(pd.DataFrame(lines, columns=["<b>Unit</b>", "Score", "Change"]))

    return AppTest.from_function(script, kwargs={"number": rows}).run()


def test_names_are_text_and_numbers_stay_as_they_are() -> None:
    shown = drawn(1).table[0].value
    assert list(shown.iloc[0]) == ["!\\[x\\](http\\://a) \\*Ben\\*", "3.4", "−0.2"]
    assert shown.columns[0] == "\\<b\\>Unit\\</b\\>"


def test_a_long_table_is_drawn_as_far_as_it_is_in_sight() -> None:
    app = drawn(450)
    assert len(app.dataframe[0].value) == 450
    assert app.dataframe[0].value.iloc[0, 0] == "![x](http://a) *Ben*"
    assert not drawn(30).dataframe


def test_two_columns_of_one_name_are_told_apart() -> None:
    def script() -> None:
        import pandas as pd

        from assessment.ui.tables import draw_table

        draw_table(pd.DataFrame([["a", "b"]], columns=["Spring", "Spring"]))

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert list(app.table[0].value.columns) == ["Spring", "Spring (1)"]
