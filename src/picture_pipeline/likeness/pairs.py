"""Pairs of hashes that were found near each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.int64]


class Near(NamedTuple):
    """Two hashes by their places, and the number of bits in which they differ."""

    one: int
    other: int
    distance: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places on the left and right, and distances: three arrays of one length."""

    left: Places
    right: Places
    distance: Places

    @classmethod
    def joined(cls, parts: "Sequence[Pairs]") -> "Pairs":
        """Put pairs together, each once, in the order of their places."""
        if not parts:
            return cls(*(np.empty(0, np.int64) for _ in range(3)))
        every = cls(
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.distance for part in parts]),
        )
        every = every.at(np.lexsort((every.right, every.left)))
        first = np.ones(len(every.left), bool)
        first[1:] = (np.diff(every.left) != 0) | (np.diff(every.right) != 0)
        return every.at(np.flatnonzero(first))

    def at(self, places: Places) -> "Pairs":
        """Give some of the pairs."""
        return Pairs(self.left[places], self.right[places], self.distance[places])

    def named(self, left: Places, right: Places) -> "Pairs":
        """Give the same pairs by the places that these arrays name."""
        return replace(self, left=left[self.left], right=right[self.right])

    def ordered(self) -> "Pairs":
        """Give the same pairs with the lesser place on the left."""
        return replace(
            self,
            left=np.minimum(self.left, self.right),
            right=np.maximum(self.left, self.right),
        )

    def told(self) -> list[Near]:
        """Give them one by one."""
        columns = (self.left.tolist(), self.right.tolist(), self.distance.tolist())
        return [Near(*row) for row in zip(*columns, strict=True)]
