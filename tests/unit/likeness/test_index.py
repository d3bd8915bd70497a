"""The index against comparing all with all, and on planted pairs among many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from picture_pipeline.likeness.index import join, self_join

BYTES = 32
MANY = 9_000
"""More than are simply compared with each other."""


def apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def flipped(one: bytes, bits: set[int]) -> bytes:
    changed = int.from_bytes(one)
    for bit in bits:
        changed ^= 1 << bit
    return changed.to_bytes(BYTES)


def many(seed: int, count: int = MANY) -> list[bytes]:
    rows = np.random.default_rng(seed).integers(0, 256, (count, BYTES), np.uint8)
    return [row.tobytes() for row in rows]


hashes = st.lists(
    st.builds(
        flipped,
        st.sampled_from((bytes(BYTES), b"\xff" * BYTES, b"\xa5" * BYTES)),
        st.sets(st.integers(0, 255), max_size=40),
    ),
    max_size=30,
)


@given(hashes, st.integers(0, 31))
@settings(deadline=None)
def test_all_pairs_within_the_limit_are_found_and_no_others(
    given_hashes: list[bytes], limit: int
) -> None:
    expected = [
        (one, other, apart(a, b))
        for one, a in enumerate(given_hashes)
        for other, b in enumerate(given_hashes)
        if one < other and apart(a, b) <= limit
    ]
    assert [tuple(near) for near in self_join(given_hashes, limit)] == expected


@given(hashes, hashes, st.integers(0, 31))
@settings(deadline=None)
def test_a_join_finds_the_pairs_of_both_sides(
    left: list[bytes], right: list[bytes], limit: int
) -> None:
    expected = [
        (one, other, apart(a, b))
        for one, a in enumerate(left)
        for other, b in enumerate(right)
        if apart(a, b) <= limit
    ]
    assert [tuple(near) for near in join(left, right, limit)] == expected


@given(st.data())
@settings(deadline=None, max_examples=10)
def test_among_many_a_planted_pair_is_always_found(data: st.DataObject) -> None:
    every = many(1)
    bits = data.draw(st.sets(st.integers(0, 255), min_size=1, max_size=31))
    every[17] = flipped(every[8_000], bits)
    assert [tuple(near) for near in self_join(every)] == [(17, 8_000, len(bits))]


def test_among_many_the_worst_spread_of_bits_is_found() -> None:
    every = many(2)
    # Two wrong bits in each chunk but one, which has one: the last that must be found.
    chunks = [[16 * row + (chunk + row) % 16 for row in range(16)] for chunk in range(16)]
    bits = {bit for chunk in chunks for bit in chunk[:2]} - {chunks[5][0]}
    every[0] = flipped(every[1], bits)
    assert [tuple(near) for near in self_join(every)] == [(0, 1, 31)]


def test_a_join_of_many_with_many_finds_what_was_planted() -> None:
    left, right = many(3), many(4)
    right[5_000] = flipped(left[70], set(range(100, 124)))
    assert [tuple(near) for near in join(left, right)] == [(70, 5_000, 24)]


def test_thousands_of_equal_hashes_stay_connected_without_all_their_pairs() -> None:
    every = [bytes(BYTES)] * 3_000
    found = self_join(every)
    assert len(found) < 3_000 * 33
    assert {near.other for near in found if near.other - near.one == 1} == set(range(1, 3_000))


def test_equal_hashes_among_many_are_found() -> None:
    every = many(5)
    every[3] = every[4] = every[8_999]
    pairs = {(near.one, near.other) for near in self_join(every)}
    assert pairs == {(3, 4), (3, 8_999), (4, 8_999)}


def test_many_hashes_that_are_alike_cost_no_more_than_the_budget() -> None:
    random = np.random.default_rng(6)
    base = many(7, 1)[0]
    alike = [
        flipped(base, set(random.choice(256, 40, replace=False).tolist())) for _ in range(MANY)
    ]
    alike[9] = flipped(alike[8_111], {1, 2, 3})
    assert (9, 8_111) in {(near.one, near.other) for near in self_join(alike)}


def test_nothing_has_no_pairs() -> None:
    assert self_join([]) == []
    assert join([], many(1, 3)) == []


def test_a_hash_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        self_join([b"short"])


def test_a_distance_beyond_the_guarantee_is_refused() -> None:
    with pytest.raises(ValueError, match="31"):
        self_join(many(1, 2), 32)
