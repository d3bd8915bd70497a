"""Where a field can come from: the keys that are read together, and their parser."""

from collections.abc import Callable
from dataclasses import dataclass

from picture_pipeline.model.metadata import TakenFrom


@dataclass(frozen=True, slots=True, init=False)
class Origin:
    """One place a field can come from: keys read together, and their parser.

    The first key must be there; the parser gets the values of all.
    """

    parse: Callable[..., object]
    keys: tuple[str, ...]

    def __init__(self, parse: Callable[..., object], *keys: str) -> None:
        object.__setattr__(self, "parse", parse)
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True, slots=True)
class DateOrigin:
    """One place the capture time can come from; ``parse`` gets a note taker first."""

    taken_from: TakenFrom
    origin: Origin
