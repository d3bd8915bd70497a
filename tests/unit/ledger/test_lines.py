"""One line of the ledger."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.ledger.lines import GENESIS, Tail, after, decode, encode, seq_and_batch
from picture_pipeline.model.event import Event, EventType, LedgerLine
from samples import FIRST, WRITER, digest_of, event_of

DETAILS = st.dictionaries(
    st.sampled_from(["source", "source_path", "size", "stamp"]),
    st.text() | st.integers() | st.lists(st.integers()),
)


def test_the_first_line_follows_on_nothing() -> None:
    record = json.loads(encode(event_of(digest_of(1)), "a", 7, Tail()))

    assert (record["seq"], record["prev"], record["batch"], record["run"]) == (1, GENESIS, "a", 7)


def test_a_line_carries_the_hash_of_the_one_before() -> None:
    first = encode(event_of(digest_of(1)), "a", 7, Tail())

    second = json.loads(encode(event_of(digest_of(2)), "a", 7, after(first, 1)))

    assert (second["seq"], second["prev"]) == (2, hashlib.sha256(first).hexdigest())


@given(DETAILS, st.none() | st.just(digest_of(1)))
def test_a_line_reads_back_as_the_event(detail: dict[str, object], digest: str | None) -> None:
    event = Event(EventType.INGESTION, FIRST, "archived", digest, detail)

    line = encode(event, "a", 7, Tail(41, "f" * 64))

    assert decode(WRITER, line) == LedgerLine(WRITER, 42, event)
    assert seq_and_batch(line) == (42, "a")


@given(DETAILS)
def test_a_line_is_one_line_of_plain_ascii(detail: dict[str, object]) -> None:
    line = encode(Event(EventType.DELETION, FIRST, "x", None, detail), "a", 7, Tail())

    assert b"\n" not in line
    assert line.isascii()


def test_what_is_not_known_is_left_out() -> None:
    event = Event(EventType.INGESTION, FIRST, "archived", None, {"burst": None})

    assert "burst" not in json.loads(encode(event, "a", 7, Tail()))


@pytest.mark.parametrize("line", [b"", b"nonsense", b"{}", b'{"seq":"x","batch":"b"}'])
def test_what_is_no_line_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, KeyError)):
        seq_and_batch(line)
