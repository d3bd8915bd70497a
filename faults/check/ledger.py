"""Read the ledgers and verify their hash chains."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .words import CAME, WENT

START = "0" * 64


@dataclass(slots=True)
class Chain:
    """One writer's lines, oldest first, and what is wrong with them."""

    writer: str
    events: list[dict[str, object]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    torn: bool = False
    """The last line has no end: the writer was stopped while writing it."""


def read_all(folder: Path) -> list[Chain]:
    """Read every writer's chain below ``ledger/``."""
    if not folder.is_dir():
        return []
    return [read_one(writer) for writer in sorted(folder.iterdir()) if writer.is_dir()]


def read_one(folder: Path) -> Chain:
    """Read one writer's chain over all its months."""
    chain = Chain(folder.name)
    before = START
    for where, line, ended in _lines(folder):
        if not ended:
            chain.torn = True
            break
        _append(chain, where, line, before)
        before = hashlib.sha256(line).hexdigest()
    return chain


def _lines(folder: Path) -> Iterator[tuple[str, bytes, bool]]:
    for month in sorted(folder.glob("*.jsonl")):
        lines = month.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], 1):
            yield f"{folder.name}/{month.name}:{number}", line, True
        if lines[-1]:
            yield f"{folder.name}/{month.name}:{len(lines)}", lines[-1], False


def _append(chain: Chain, where: str, line: bytes, before: str) -> None:
    try:
        event = json.loads(line)
    except ValueError as error:
        chain.faults.append(f"{where}: {error}")
        return
    expected = len(chain.events) + 1
    if event.get("seq") != expected:
        chain.faults.append(f"{where}: seq {event.get('seq')}, expected {expected}")
    if event.get("prev") != before:
        chain.faults.append(f"{where}: prev is not the hash of the line before")
    chain.events.append(event)


def archived(events: list[dict[str, object]]) -> list[str]:
    """Give the digest of each event that an original came in by, unless it was taken back since."""
    told = [(event.get("type"), event.get("outcome"), event.get("digest")) for event in events]
    came = Counter(str(digest) for kind, outcome, digest in told if (kind, outcome) in CAME)
    went = Counter(str(digest) for kind, outcome, digest in told if (kind, outcome) == WENT)
    return list((came - went).elements())
