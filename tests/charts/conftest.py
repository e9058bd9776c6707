"""The browser of the browser tests, for pictures."""

from tests.browser.conftest import browser

__all__ = ["browser"]
