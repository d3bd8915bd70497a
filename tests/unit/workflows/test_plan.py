"""What a batch is planned to be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from picture_pipeline.model.candidate import Candidate, SourceName
from picture_pipeline.model.digest import Checksums, Digest
from picture_pipeline.model.inspected import Failed, Inspected, InspectJob, Known, Rejected, Staged
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Gps, Metadata, TakenFrom
from picture_pipeline.model.run import Batch, RunId
from picture_pipeline.workflows.plan import (
    BatchFrame,
    Finished,
    found_first,
    plan_batch,
    with_events,
)
from samples import FIRST, LATER, RECOGNISER, WRITER, digest_of, original_of, stamp_of

FRAME = BatchFrame("a", RunId(7), WRITER, "staging", LATER, RECOGNISER)
NAIVE = datetime(2024, 3, 15, 23, 30)  # noqa: DTZ001 - wall time


def path_of(digest: Digest, extension: str, day: date) -> str:
    return f"{day}/{digest}.{extension}"


def job(name: bytes, folder: bytes = b"DCIM") -> InspectJob:
    candidate = Candidate(folder, name, stamp_of(1))
    return InspectJob(f"token of {name!r}", SourceName("camera"), b"/srv", candidate, FIRST)


def staged(number: int, taken: datetime = NAIVE, **known: object) -> Staged:
    metadata = replace(Metadata(Capture(taken, TakenFrom.EXIF_ORIGINAL)), **known)
    checksums = Checksums(digest_of(number), "1" * 40, "5" * 32)
    return Staged(checksums, stamp_of(number), MediaType("image/jpeg", "jpg"), metadata, ())


def plan(
    *inspected: Inspected, known: Mapping[Digest, str] | None = None, folder: bytes = b"DCIM"
) -> Batch:
    jobs = [job(b"%d" % number, folder) for number in range(len(inspected))]
    finished = [Finished(*pair) for pair in zip(jobs, inspected, strict=True)]
    return with_events(plan_batch(FRAME, finished, known or {}, path_of))


def test_new_bytes_are_published() -> None:
    batch = plan(staged(1))

    assert [p.original.path for p in batch.publications] == [f"2024-03-15/{digest_of(1)}.jpg"]
    assert [(e.outcome, e.digest) for e in batch.events] == [("archived", digest_of(1))]


def test_of_several_with_the_same_new_bytes_the_first_is_published() -> None:
    batch = plan(staged(1), staged(1))

    assert [p.sighting.name for p in batch.publications] == [b"0"]
    assert [s.name for s in batch.sightings] == [b"1"]
    assert [e.outcome for e in batch.events] == ["archived", "duplicate"]


def test_bytes_that_the_catalog_knows_are_a_sighting() -> None:
    batch = plan(staged(1), known={digest_of(1): "there"})

    assert batch.publications == ()
    assert [s.digest for s in batch.sightings] == [digest_of(1)]


def test_bytes_that_a_worker_knew_are_a_sighting() -> None:
    batch = plan(Known(digest_of(1), stamp_of(1)))

    assert [(s.digest, s.stamp, s.seen_at) for s in batch.sightings] == [
        (digest_of(1), stamp_of(1), LATER)
    ]


def test_a_rejected_file_is_remembered_and_no_event() -> None:
    batch = plan(Rejected("not_a_picture", "text", stamp_of(1)))

    assert [(r.outcome, r.reason, r.recogniser) for r in batch.refusals] == [
        ("rejected", "not_a_picture", RECOGNISER)
    ]
    assert batch.events == ()


def test_a_failed_file_is_remembered_only_with_a_stamp() -> None:
    batch = plan(Failed("unreadable", "EIO"), Failed("unreadable", "EIO", stamp_of(1)))

    assert [(r.name, r.outcome) for r in batch.refusals] == [(b"1", "failed")]


def test_everything_carries_the_time_of_the_batch() -> None:
    batch = plan(staged(1), staged(1))

    assert {event.time for event in batch.events} == {batch.time} == {LATER}
    assert batch.publications[0].original.ingested_at == FIRST


def test_a_time_with_its_offset_is_told_in_utc_too() -> None:
    taken = NAIVE.replace(tzinfo=timezone(timedelta(hours=2)))

    original = plan(staged(1, taken)).publications[0].original

    assert (original.taken_at, original.offset) == ("2024-03-15T23:30:00+02:00", "+02:00")
    assert original.taken_at_utc == "2024-03-15T21:30:00Z"


def test_the_day_is_the_local_one() -> None:
    taken = NAIVE.replace(tzinfo=timezone(timedelta(hours=-11)))

    assert plan(staged(1, taken)).publications[0].original.path.startswith("2024-03-15/")


def test_a_time_without_offset_is_not_told_in_utc() -> None:
    original = plan(staged(1)).publications[0].original

    assert (original.taken_at_utc, original.offset) == (None, None)


def test_a_position_is_taken_over() -> None:
    gps = Gps(1.5, -2.5, 3.5, 4.5, datetime(2024, 3, 15, tzinfo=UTC))

    original = plan(staged(1, gps=gps)).publications[0].original

    assert (original.latitude, original.longitude) == (1.5, -2.5)
    assert (original.altitude, original.accuracy) == (3.5, 4.5)
    assert original.gps_time_utc == "2024-03-15T00:00:00Z"


def test_the_ledger_tells_enough_to_book_it_again() -> None:
    detail = plan(staged(1)).events[0].detail

    assert detail["source_path"] == "DCIM/0"
    assert detail["stamp"] == list(stamp_of(1))
    assert detail.keys() >= {"sha1", "md5", "size", "media_type", "path", "asset", "role", "source"}
    assert "source_path_b64" not in detail


def test_a_path_that_is_not_utf8_is_in_the_ledger_byte_by_byte() -> None:
    detail = plan(staged(1), folder=b"\xff").events[0].detail

    assert detail["source_path"] == "\\xff/0"
    assert detail["source_path_b64"] == "/y8w"


def test_an_original_that_lies_in_the_archive_stays_where_it_is() -> None:
    rule = found_first({digest_of(1): "there"}, path_of)

    assert rule(digest_of(1), "jpg", NAIVE.date()) == "there"
    assert rule(digest_of(2), "jpg", NAIVE.date()) == f"2024-03-15/{digest_of(2)}.jpg"
    assert original_of(1).role == "primary"
