"""Long lists in pieces: a statement takes at most 32,766 values on SQLite, 65,535 on PostgreSQL."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

SLICE = 1000


def sliced(values: Iterable[T], size: int = SLICE) -> Iterator[Collection[T]]:
    """Give all values in lists of at most ``size``."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
