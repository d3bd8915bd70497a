"""A person with an Immich, and our storage beside it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from films import Recipe, film
from immich_library import Immich
from installed import Storage
from pictures import photo

MORNING, NOON = "2024-03-15T09:11:12.000Z", "2024-03-15T11:11:12.000Z"
STILL = photo(1, taken="2024:03:15 10:11:12")
OTHER = photo(2, taken="2024:03:15 12:11:12")
_1904 = datetime(1904, 1, 1, tzinfo=UTC)


def dated_film(moment: str) -> bytes:
    """Make a film that says when it was taken, in UTC as QuickTime does."""
    data = bytearray(film([np.full((32, 32, 3), 90)] * 2, Recipe(container="mov")))
    seconds = int((datetime.fromisoformat(moment) - _1904).total_seconds())
    at = data.index(b"mvhd") + 8
    data[at : at + 4] = seconds.to_bytes(4, "big")
    return bytes(data)


FILM = dated_film(MORNING)


def counts(report: Any) -> tuple[int, ...]:
    names = ("seen", "imported", "duplicate", "skipped", "rejected", "failed")
    return tuple(report[name] for name in names)


class Family:
    """A person's Immich, and our storage."""

    def __init__(self, immich: Immich, home: Path) -> None:
        self.immich = immich
        self.key = immich.key()
        self.user = immich.keys[self.key][0]
        self.storage = Storage(home).given(
            PICTURE_PIPELINE_STORAGE__IMMICH__URL=immich.url,
            PICTURE_PIPELINE_STORAGE__IMMICH__API_KEY=self.key,
        )

    def put(self, name: str, data: bytes, taken: str = NOON, **more: object) -> str:
        return self.immich.put(self.user, name, data, taken, **more)

    def come_home(self, *arguments: str) -> Any:
        """Import, and give the report's counts."""
        said = self.storage.here("import", "--json", *(arguments or ("immich",)))
        assert said.status == 0, said.err
        return said.json

    def shown(self, data: bytes) -> Any:
        """Show the original that has these bytes."""
        (digest,) = (path.stem for path in self.storage.originals() if path.read_bytes() == data)
        return self.storage.here("show", "--json", digest).json
