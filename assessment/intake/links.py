"""Evidence references in bulk."""

from __future__ import annotations

import pandas as pd

from assessment.intake.coded import coded
from assessment.intake.findings import Mask
from assessment.links import foreign_scheme


def have_foreign_scheme(references: pd.Series[str]) -> Mask:
    """Which of many references `foreign_scheme` finds a scheme in; most are passed over in bulk."""
    has_colon = references.str.contains(":", regex=False)
    suspect = (has_colon & ~references.str.match("(?i:https?:)")).to_numpy(dtype=bool)
    mask = suspect.copy()
    mask[suspect] = coded(references[suspect]).where(foreign_scheme)
    return mask
