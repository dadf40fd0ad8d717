"""Sets of places that are joined step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Groups:
    """A union-find over the places 0 to size - 1. The result does not depend on the order of joins."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, place: int) -> int:
        """The lowest place of the group."""
        root = place
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[place] != root:
            self._parent[place], place = root, self._parent[place]
        return root

    def join(self, places: Iterable[int]) -> None:
        """Make one group of those of all places."""
        roots = sorted({self.find(place) for place in places})
        for root in roots[1:]:
            self._parent[root] = roots[0]

    def __iter__(self) -> Iterator[list[int]]:
        """The groups, each sorted, by lowest place."""
        found: dict[int, list[int]] = {}
        for place in range(len(self._parent)):
            found.setdefault(self.find(place), []).append(place)
        return iter(found.values())
