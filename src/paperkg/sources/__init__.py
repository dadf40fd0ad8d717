"""Reading papers from files: finding, safely opening, detecting, parsing, merging."""

from paperkg.sources.reader import PaperStream, open_papers, read_papers

__all__ = ["PaperStream", "open_papers", "read_papers"]
