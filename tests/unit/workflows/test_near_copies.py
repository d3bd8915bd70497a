"""How copies of archived shots are counted, source by source."""

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.workflows.near_copies import count_near

CARD, CLOUD = SourceName("card"), SourceName("cloud")
A, B, C = (Digest(letter * 64) for letter in "abc")


def test_each_source_counts_the_copies_that_lie_there() -> None:
    found = count_near(frozenset({A, B}), {CARD: {A}, CLOUD: {A, B, C}}, {})

    assert found == {CARD: 1, CLOUD: 2}


def test_what_was_only_looked_at_counts_too() -> None:
    assert count_near(frozenset({A}), {}, {CARD: {A: None, C: None}}) == {CARD: 1}


def test_what_lies_there_archived_and_looked_at_counts_once() -> None:
    assert count_near(frozenset({A}), {CARD: {A}}, {CARD: {A: None}}) == {CARD: 1}


def test_a_source_without_copies_counts_none() -> None:
    assert count_near(frozenset(), {CARD: {A}}, {CLOUD: {B: None}}) == {CARD: 0, CLOUD: 0}
