"""An archive that one source was imported into, and another source with planted truth."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installed import Storage
from pictures import write
from scenes import encoded, scene, shifted

CAMERA = "iPhone 13"


def second(number: int) -> str:
    return f"2024:03:15 10:11:{number:02}"


def original(number: int, orientation: int = 1) -> bytes:
    """Make a picture as the phone writes it."""
    return encoded(
        scene(number),
        taken=second(number),
        subsecond=f"{100 + number}",
        model=CAMERA,
        orientation=orientation,
    )


def planted() -> dict[str, tuple[bytes, str]]:
    """Give files by name, each with the state that it is in."""
    again = {"taken": second(1), "subsecond": "101", "model": CAMERA}
    return {
        "same.jpg": (original(0), "equal"),
        "reencoded.jpg": (encoded(scene(1), quality=60, **again), "archived_better"),
        "scaled.jpg": (
            encoded(scene(2).resize((640, 480)), quality=70, taken=second(2), model=CAMERA),
            "archived_better",
        ),
        "stripped.jpg": (
            encoded(scene(3).resize((640, 480)), quality=70),
            "archived_better",
        ),
        "burst.jpg": (
            encoded(shifted(scene(4)), taken=second(4), subsecond="900", model=CAMERA),
            "only_here",
        ),
        "turned.jpg": (
            encoded(
                scene(5), quality=70, taken=second(5), subsecond="105", model=CAMERA, orientation=8
            ),
            "archived_better",
        ),
        "other.jpg": (encoded(scene(40), taken=second(6), model=CAMERA), "only_here"),
        "larger.jpg": (
            encoded(scene(6, (1920, 1440)), taken=second(6), subsecond="106", model=CAMERA),
            "better_here",
        ),
        "cut.jpg": (original(7)[:-9000], "archived_better"),
        "cut-alone.jpg": (original(41)[:-9000], "incomplete"),
        "only.jpg": (original(50), "only_here"),
    }


COUNTS = {
    "assets": 11,
    "archived_equal_or_better": 6,
    "only_here": 4,
    "better_here": 1,
    "differs": 6,
    "probable": 1,
    "unreadable": 0,
}


@dataclass(frozen=True, slots=True)
class Family:
    """A storage with ``icloud`` imported, and a folder ``sync`` that was not."""

    storage: Storage
    icloud: Path
    sync: Path

    def consolidated(self, *arguments: str | Path) -> dict[str, Any]:
        """Give the document of ``consolidate --json``."""
        said = self.storage.here("consolidate", *arguments, "--json", "-q")
        assert said.status == 0, said.err
        document: dict[str, Any] = said.json
        return document

    def of_sync(self, *options: str) -> dict[str, Any]:
        """Give what is said of ``sync``."""
        (report,) = self.consolidated(f"sync={self.sync}", *options)["sources"]
        told: dict[str, Any] = report
        return told

    def put(self, files: Mapping[str, bytes]) -> None:
        """Put files into ``sync``."""
        for name, data in files.items():
            write(self.sync / name, data)


def documented(title: str) -> dict[str, Any]:
    """Give the example of a command's document in docs/reference/json.md."""
    page = (Path(__file__).resolve().parents[1] / "docs" / "reference" / "json.md").read_text()
    example = page.split(f"## `{title}`\n", 1)[1].split("```json\n", 1)[1].split("```", 1)[0]
    document: dict[str, Any] = json.loads(example)
    return document
