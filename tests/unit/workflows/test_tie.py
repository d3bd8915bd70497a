"""What a file is to the one that lay at its path before."""

import os
from dataclasses import replace

import pytest

from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.inspected import Earlier, Tie
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import Content
from picture_pipeline.workflows.contents import in_memory
from picture_pipeline.workflows.tie import Tier
from samples import digest_of

JPEG = MediaType("image/jpeg", "jpg")
WHOLE = bytes(range(256)) * 600
EARLIER = Earlier(digest_of(1), "there", "image/jpeg", incomplete=True, content_identifier=None)


def memory_file(data: bytes) -> int:
    fd = os.memfd_create("earlier")
    os.write(fd, data)
    return fd


def first_letter(content: Content, _: MediaType) -> str | None:
    """Take the first byte for the picture, the rest for metadata."""
    return content.read_at(0, 1).hex() or None


def tie(
    old: bytes,
    new: bytes,
    earlier: Earlier = EARLIER,
    identifier: str | None = None,
    *,
    incomplete: bool = False,
) -> Tie | None:
    tier = Tier(lambda _: memory_file(old), first_letter)
    found = tier.tie(earlier, in_memory(new), JPEG, identifier, incomplete=incomplete)
    assert found is None or found.earlier == EARLIER.digest
    return found.tie if found else None


@pytest.mark.parametrize("cut", [1, 1000, len(WHOLE) // 2, len(WHOLE) - 1])
def test_the_whole_file_supersedes_its_beginning(cut: int) -> None:
    assert tie(WHOLE[:cut], WHOLE) is Tie.SUPERSEDES


def test_a_tail_of_zeros_is_superseded_too() -> None:
    assert tie(WHOLE[:100_000] + bytes(len(WHOLE) - 100_000), WHOLE) is Tie.SUPERSEDES


def test_a_longer_beginning_supersedes_a_shorter_one() -> None:
    assert tie(WHOLE[:1000], WHOLE[:2000], incomplete=True) is Tie.SUPERSEDES
    assert tie(b"\xff" + WHOLE[:1000], WHOLE[:2000], incomplete=True) is None


def test_a_shorter_one_that_is_cut_short_supersedes_nothing() -> None:
    assert tie(WHOLE[:2000], WHOLE[:1000], incomplete=True) is Tie.REVISES


def test_another_file_supersedes_nothing() -> None:
    assert tie(b"\xff" + WHOLE[:1000], WHOLE) is None


def test_a_whole_file_is_never_superseded() -> None:
    whole = replace(EARLIER, incomplete=False)
    assert tie(WHOLE[:1000], WHOLE, whole) is Tie.REVISES


def test_an_equal_content_identifier_makes_a_revision() -> None:
    known = replace(EARLIER, incomplete=False, content_identifier="A")
    assert tie(b"\xff", WHOLE, known, "A") is Tie.REVISES
    assert tie(b"\xff", WHOLE, known, "B") is None


def test_another_type_is_no_revision() -> None:
    known = replace(EARLIER, incomplete=False, media_type="image/heic")
    assert tie(WHOLE[:10], WHOLE, known) is None


def test_an_original_that_is_gone_ties_nothing() -> None:
    def gone(path: str) -> int:
        raise IntegrityError(path)

    tier = Tier(gone, first_letter)
    assert tier.tie(EARLIER, in_memory(WHOLE), JPEG, None, incomplete=False) is None
