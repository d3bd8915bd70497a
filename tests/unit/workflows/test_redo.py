"""A batch as a redo record, and back."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.rendition import RenditionEntry, Unrenderable
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.workflows.redo import decode, encode
from samples import (
    batch_of,
    original_of,
    publication_of,
    refusal_of,
    sighting_of,
    stamp_of,
)

NAMES = st.binary(min_size=1, max_size=255)
TEXTS = st.text(st.characters())


@given(NAMES, NAMES, TEXTS, st.lists(TEXTS, max_size=3), st.integers())
def test_a_batch_reads_back_as_it_was(
    name: bytes, folder: bytes, title: str, words: list[str], inode: int
) -> None:
    original = original_of(1, title=title, keywords=tuple(words), original_name=name, altitude=-1.5)
    told = Told(albums=tuple(words), title=title, favourite=False)
    seen = sighting_of(1, name, folder=folder, stamp=stamp_of(1, inode=inode), told=told)
    publication = replace(
        publication_of(1),
        original=original,
        sighting=seen,
        renditions=(RenditionEntry("tiny", 150, 100, 4711),),
        unrenderable=Unrenderable("undecodable", title),
    )
    batch = batch_of("a", [publication], [seen], [refusal_of(name, detail=title)])

    assert decode(encode(batch)) == batch


def test_a_record_of_a_version_that_heard_no_sources_reads_back() -> None:
    old = encode(batch_of("a", [publication_of(1)]))

    assert b"told" not in old
    assert decode(old).publications[0].sighting.told == NOTHING


def test_an_empty_batch_reads_back_too() -> None:
    assert decode(encode(batch_of("a"))) == batch_of("a")


@given(st.binary(max_size=200))
def test_what_is_no_redo_record_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError, match="move its folder aside"):
        decode(data)


@given(st.data())
def test_a_redo_record_cut_anywhere_is_refused(data: st.DataObject) -> None:
    whole = encode(batch_of("a", [publication_of(1)]))
    length = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(IntegrityError):
        decode(whole[:length])
