"""The synthetic workspace: an invented group whose countries answer in rounds. Deterministic; nobody's real data."""

from assessment.demo.group import MARK, TRY_FIRST, Size
from assessment.demo.workspace import DEFAULT_SEED, DemoWorkspace, workspace

__all__ = ["DEFAULT_SEED", "MARK", "TRY_FIRST", "DemoWorkspace", "Size", "workspace"]
