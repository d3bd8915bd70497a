"""Rows of the append-only ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EventType(StrEnum):
    """PREMIS event types that we write."""

    INGESTION = "ingestion"
    FIXITY_CHECK = "fixity check"
    METADATA_MODIFICATION = "metadata modification"
    REPLICATION = "replication"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one original, or in one run.

    ``time`` is UTC, ``YYYY-MM-DDTHH:MM:SS.ffffffZ``. ``detail`` is JSON data
    (documented in docs/format.md) from which the catalog can be rebuilt.
    """

    type: EventType
    time: str
    outcome: str
    digest: str | None
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """Where an event stands in its writer's chain."""

    writer: str
    seq: int
    event: Event
