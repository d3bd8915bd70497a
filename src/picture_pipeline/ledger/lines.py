"""One ledger line: JSON with the hash of the line before. Pure."""

import hashlib
import json
from dataclasses import dataclass

from picture_pipeline.model.event import Event, EventType, LedgerLine

GENESIS = "0" * 64
"""``prev`` of a chain's first line."""


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a chain stands: the last number, and the hash of the last line."""

    seq: int = 0
    hash: str = GENESIS


def encode(event: Event, batch: str, run: int, tail: Tail) -> bytes:
    """Give the next line of a chain, without the newline; keys are sorted."""
    record = {
        "seq": tail.seq + 1,
        "prev": tail.hash,
        "batch": batch,
        "run": run,
        "type": event.type.value,
        "time": event.time,
        "outcome": event.outcome,
        "digest": event.digest,
        **{key: value for key, value in event.detail.items() if value is not None},
    }
    return json.dumps(record, sort_keys=True, separators=(",", ":")).encode("ascii")


def after(line: bytes, seq: int) -> Tail:
    """Give the tail that a line leaves behind."""
    return Tail(seq, hashlib.sha256(line).hexdigest())


def seq_and_batch(line: bytes) -> tuple[int, str]:
    """Read the number and the batch of a line; raises ValueError when it is none."""
    record = json.loads(line)
    return int(record["seq"]), str(record["batch"])


def decode(writer: str, line: bytes) -> LedgerLine:
    """Read a line back; raises ValueError or KeyError when it is none."""
    record = json.loads(line)
    fixed = ("seq", "prev", "batch", "run", "type", "time", "outcome", "digest")
    event = Event(
        type=EventType(record["type"]),
        time=record["time"],
        outcome=record["outcome"],
        digest=record["digest"],
        detail={key: value for key, value in record.items() if key not in fixed},
    )
    return LedgerLine(writer, int(record["seq"]), event)
