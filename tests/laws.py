"""How often a law is tried: as often as is asked for, and never more often than the profile says (tests/conftest.py)."""

from __future__ import annotations

from hypothesis import Phase, settings


def tried(examples: int) -> settings:
    """For laws that are slow to try: so many examples, without looking for a smaller one that breaks them."""
    return settings(
        deadline=None,
        max_examples=min(examples, settings().max_examples),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )
