"""Copies that were cut short, and the originals that begin with them."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from picture_pipeline.model.asset import Group
from picture_pipeline.model.candidate import FileStamp, SourceName, SourceSpec
from picture_pipeline.model.consolidation import SourceReport, State, Verdict
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness, PictureHash
from picture_pipeline.model.looked import Seen, Surveyed
from picture_pipeline.model.media import Family
from picture_pipeline.model.original import Original
from picture_pipeline.model.stems import take_apart
from picture_pipeline.workflows.beginnings import SUSPECTS, hash_beginnings
from picture_pipeline.workflows.compare import Comparison

SPEC = SourceSpec(SourceName("phone"), b"/srv/phone")
WHOLE = b"a picture, from its first byte to its very last one"
CUT = WHOLE[:30]
SECOND = "2024-03-15T10:11:12"


def digest_of(data: bytes) -> Digest:
    return Digest(hashlib.sha256(data).hexdigest())


def original(data: bytes = WHOLE, **changed: object) -> Original:
    known = Original(
        digest=digest_of(data),
        sha1="",
        md5="",
        size=len(data),
        media_type="image/jpeg",
        path=f"originals/{digest_of(data)}.jpg",
        sidecar_sha256="",
        original_name=b"IMG_1.JPG",
        ingested_at="2024-03-16T00:00:00Z",
        asset=digest_of(data),
        role="primary",
        taken_at=SECOND,
        taken_from="exif_original",
        model="iPhone 13",
    )
    return replace(known, **changed)  # type: ignore[arg-type]  # tests name real attributes


def cut(data: bytes = CUT, **changed: object) -> Likeness:
    known = Likeness(
        digest=digest_of(data),
        size=len(data),
        media_type="image/jpeg",
        family=Family.STILL,
        taken_at=SECOND,
        taken_from="exif_original",
        model="iPhone 13",
        incomplete=True,
    )
    return replace(known, **changed)  # type: ignore[arg-type]  # tests name real attributes


@dataclass(frozen=True, slots=True)
class Shelf:
    """An archive of some bytes, by original; remembers what is read."""

    held_here: Mapping[Original, bytes]
    read: list[Digest] = field(default_factory=list)

    def beginnings(self, whole: Original, sizes: Collection[int]) -> Mapping[int, Digest]:
        self.read.append(whole.digest)
        return hash_beginnings([self.held_here[whole]], sizes)

    def held(self, digests: Iterable[Digest]) -> frozenset[Digest]:
        return frozenset(self.originals(digests))

    def originals(self, digests: Iterable[Digest]) -> dict[Digest, Original]:
        wanted = set(digests)
        return {each.digest: each for each in self.held_here if each.digest in wanted}

    def hashes(self) -> Iterator[tuple[Digest, PictureHash, bool]]:
        return iter(())

    def hashes_of(self, _digests: Iterable[Digest]) -> dict[Digest, PictureHash]:
        return {}

    def at_seconds(self, seconds: Iterable[str]) -> dict[str, list[Digest]]:
        return {
            second: [each.digest for each in self.held_here if each.taken_at[:19] == second]
            for second in seconds
        }

    def named(self, stems: Iterable[bytes]) -> dict[bytes, list[Digest]]:
        names = {each: take_apart(each.original_name, each.size).stem for each in self.held_here}
        return {s: [each.digest for each in names if names[each] == s] for s in stems}

    def groups_of(self, _digests: Iterable[Digest]) -> Sequence[Group]:
        return ()

    def kinds_of(self, _digests: Iterable[Digest]) -> dict[Digest, frozenset[str]]:
        return {}

    def gray_of(self, _digest: Digest) -> bytes:
        return b""


def report_of(shelf: Shelf, *files: tuple[bytes, Likeness]) -> SourceReport:
    seen = [Seen(b"", name, FileStamp(its.size, 1, 1, 0), its.digest, its) for name, its in files]
    survey = Surveyed(SPEC, tuple(seen), entries=len(seen))
    comparison = Comparison(shelf, lambda _mine, _theirs: (), lambda _kind: 1, shelf.beginnings)
    return comparison.consolidate([survey]).sources[0]


def state_of(shelf: Shelf, candidate: Likeness, name: bytes = b"IMG_1.JPG") -> State:
    (item,) = report_of(shelf, (name, candidate)).items
    return item.state


def test_the_beginning_of_an_original_adds_nothing() -> None:
    report = report_of(Shelf({original(): WHOLE}), (b"IMG_1.JPG", cut()))
    (item,) = report.items
    assert (report.verdict, item.state, item.archived_as, item.why, item.probable) == (
        Verdict.SAFE,
        State.ARCHIVED_BETTER,
        digest_of(WHOLE),
        "whole",
        False,
    )


def test_another_beginning_of_the_same_second_stays_only_here() -> None:
    shelf = Shelf({original(): WHOLE})
    assert state_of(shelf, cut(b"the next frame of that burst")) is State.INCOMPLETE


def test_what_does_not_decode_is_proven_too() -> None:
    shelf = Shelf({original(): WHOLE})
    assert state_of(shelf, cut(incomplete=False, decodes=False)) is State.ARCHIVED_BETTER


def test_a_file_without_a_time_is_proven_by_its_name() -> None:
    nameless = cut(taken_from="mtime", taken_at="2025-01-01T00:00:00", model=None)
    shelf = Shelf({original(original_name=b"img_1.jpeg"): WHOLE})
    assert state_of(shelf, nameless) is State.ARCHIVED_BETTER


def test_a_film_that_was_cut_is_proven_by_its_name() -> None:
    film = cut(family=Family.VIDEO, taken_from="mtime", model=None, media_type="video/quicktime")
    shelf = Shelf({original(family="video", media_type="video/quicktime"): WHOLE})
    assert state_of(shelf, film, b"IMG_1.MOV") is State.ARCHIVED_BETTER


def test_where_nothing_can_be_read_nothing_is_proven() -> None:
    survey = Surveyed(SPEC, (Seen(b"", b"a.jpg", FileStamp(30, 1, 1, 0), cut().digest, cut()),))
    comparison = Comparison(Shelf({original(): WHOLE}), lambda _a, _b: (), lambda _kind: 1)
    (report,) = comparison.consolidate([survey]).sources
    assert report.items[0].state is State.INCOMPLETE


def test_the_beginning_of_a_longer_beginning_lacks_bytes() -> None:
    report = report_of(Shelf({original(incomplete=True): WHOLE}), (b"IMG_1.JPG", cut()))
    assert (report.items[0].state, report.items[0].why) == (State.ARCHIVED_BETTER, "bytes")


def test_an_original_is_read_once_for_all_that_may_be_its_beginning() -> None:
    shelf = Shelf({original(): WHOLE})
    report = report_of(shelf, (b"a.jpg", cut()), (b"b.jpg", cut(WHOLE[:40])))
    assert (report.archived_equal_or_better, shelf.read) == (2, [digest_of(WHOLE)])


def burst(frames: int) -> dict[Original, bytes]:
    return {
        original(data, original_name=b"IMG_%d.JPG" % number): data
        for number in range(frames)
        for data in [b"frame %d " % number + WHOLE]
    }


def test_of_a_burst_the_frame_of_the_same_name_is_read_first() -> None:
    shelf = Shelf(burst(30))
    candidate = cut(b"frame 17 " + CUT)
    assert state_of(shelf, candidate, b"IMG_17.JPG") is State.ARCHIVED_BETTER
    assert len(shelf.read) == 1


def test_only_a_handful_of_originals_is_read_for_one_file() -> None:
    shelf = Shelf(burst(30))
    assert state_of(shelf, cut(b"frame 99 " + CUT), b"x.jpg") is State.INCOMPLETE
    assert len(shelf.read) == SUSPECTS


def test_a_whole_file_has_nothing_to_prove() -> None:
    shelf = Shelf({original(): WHOLE})
    whole = cut(incomplete=False, hash=PictureHash(bytes(32), 90))
    assert state_of(shelf, whole) is State.ONLY_HERE
    assert not shelf.read


def test_a_plain_picture_that_lost_what_stood_behind_it_is_proven() -> None:
    shelf = Shelf({original(): WHOLE})
    plain = cut(incomplete=False, hash=PictureHash(bytes(32), 3))
    assert state_of(shelf, plain) is State.ARCHIVED_BETTER


def test_a_file_that_lost_its_truer_time_is_proven_by_its_name() -> None:
    shelf = Shelf({original(): WHOLE})
    assert state_of(shelf, cut(taken_at="2024-03-15T00:00:00")) is State.ARCHIVED_BETTER


def test_shorter_originals_and_other_cameras_are_not_read() -> None:
    short = original(WHOLE[:20])
    other = original(b"x" * 99, model="Pixel 8", original_name=b"PXL_1.JPG")
    shelf = Shelf({short: WHOLE[:20], other: b"x" * 99})
    assert state_of(shelf, cut()) is State.INCOMPLETE
    assert not shelf.read


@pytest.mark.parametrize("length", [1, 7, 100])
def test_beginnings_are_hashed_however_the_bytes_come(length: int) -> None:
    pieces = [WHOLE[start : start + length] for start in range(0, len(WHOLE), length)]
    sizes = (0, 1, 7, 8, 30, len(WHOLE), len(WHOLE) + 1)
    expected = {size: digest_of(WHOLE[:size]) for size in sizes if 0 < size <= len(WHOLE)}
    found = hash_beginnings(pieces, sizes)
    assert {size: digest for size, digest in found.items() if size} == expected
