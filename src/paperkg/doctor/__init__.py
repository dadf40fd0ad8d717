"""What is wrong with an installation of paperkg or with the files of a graph, and what to do about it."""

from __future__ import annotations

from paperkg.doctor.finding import Finding
from paperkg.doctor.installation import examine_installation
from paperkg.doctor.set_of_files import examine_graph

__all__ = ["Finding", "examine_graph", "examine_installation"]
