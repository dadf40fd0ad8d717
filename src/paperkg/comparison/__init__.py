"""What changed between two built graphs: papers, entities, and what papers say of them."""

from __future__ import annotations

from paperkg.comparison.compare import diff
from paperkg.comparison.difference import Difference

__all__ = ["Difference", "diff"]
