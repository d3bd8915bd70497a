"""Entries whose bytes need not, or must not, be read."""

from dataclasses import replace

import pytest

from picture_pipeline.model.candidate import Candidate, FileStamp, NotYet, Unopenable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Earlier, Failed, Known, Postponed, Rejected
from picture_pipeline.workflows.unread import sized_sha1s, unread

STAMP = FileStamp(5, 10, 20, 30)
DIGEST = Digest("ab" * 32)
EARLIER = Earlier(
    DIGEST, "originals/x.jpg", "image/jpeg", incomplete=False, content_identifier=None
)
PLAIN = Candidate(b"", b"a.jpg", STAMP)
HASHED = replace(PLAIN, sha1="12" * 20)
TOLD = replace(PLAIN, told_in_inode=True)


def test_bytes_that_are_archived_are_not_read() -> None:
    assert unread(HASHED, None, None, {(5, "12" * 20): DIGEST}) == Known(DIGEST, STAMP)


def test_a_checksum_counts_only_with_the_length() -> None:
    assert unread(HASHED, None, None, {(6, "12" * 20): DIGEST}) is None


def test_only_candidates_with_a_checksum_are_asked_for() -> None:
    refused = Unopenable(b"", b"b", STAMP, "ignored")

    assert list(sized_sha1s([PLAIN, HASHED, refused])) == [(5, "12" * 20)]


def test_what_is_only_told_anew_is_not_read() -> None:
    before = STAMP._replace(inode=31)

    assert unread(TOLD, before, EARLIER, {}) == Known(DIGEST, STAMP)


@pytest.mark.parametrize("change", [{"size": 6}, {"mtime_ns": 11}, {"ctime_ns": 21}])
def test_what_has_other_bytes_is_read(change: dict[str, int]) -> None:
    assert unread(TOLD, STAMP._replace(**change), EARLIER, {}) is None


def test_a_plain_file_with_another_inode_is_read() -> None:
    assert unread(PLAIN, STAMP._replace(inode=31), EARLIER, {}) is None


def test_what_was_refused_before_is_read_when_it_is_told_anew() -> None:
    assert unread(TOLD, STAMP._replace(inode=31), None, {}) is None


def test_what_is_never_opened_is_said_so() -> None:
    ignored = Unopenable(b"", b"a", STAMP, "ignored", "litter")
    unreadable = Unopenable(b"", b"a", STAMP, "unreadable", "no right")

    assert unread(ignored, None, None, {}) == Rejected("ignored", "litter", STAMP)
    assert unread(unreadable, None, None, {}) == Failed("unreadable", "no right")
    assert unread(NotYet(b"", b"a", STAMP, "it grows"), None, None, {}) == Postponed("it grows")
