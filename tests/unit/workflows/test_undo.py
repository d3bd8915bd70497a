"""What taking a run back would do: nothing that anybody else refers to goes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.run import RunId
from picture_pipeline.model.undoing import (
    Added,
    Additions,
    News,
    OnDisk,
    Staying,
    UndoPlan,
)
from picture_pipeline.workflows.undo import concerns, plan_undo
from samples import FIRST, LATER, digest_of

SAME = "a" * 64
THERE = OnDisk(present=True, sidecar_sha256=SAME, ingested_at=FIRST)
RUN = RunId(3)


def added(number: int, *assets: int, **changed: object) -> Added:
    """An original of the run, in an asset of its own unless assets are given."""
    of = frozenset(map(digest_of, assets or (number,)))
    known = Added(digest_of(number), f"originals/{number}.jpg", 10 + number, SAME, of)
    return replace(known, **changed)


def plan(
    *originals: Added, on_disk: dict[Digest, OnDisk] | None = None, **changed: object
) -> UndoPlan:
    additions = replace(Additions(RUN, FIRST, originals), **changed)
    there = {one.digest: THERE for one in originals} | (on_disk or {})
    return plan_undo(additions, there)


def reasons(found: UndoPlan) -> dict[Digest, Staying]:
    return {stay.digest: stay.reason for stay in found.stays}


def gone(found: UndoPlan) -> set[Digest]:
    return {leave.digest for leave in found.leaves}


def test_what_nobody_else_refers_to_goes() -> None:
    found = plan(added(1), added(2))
    assert gone(found) == {digest_of(1), digest_of(2)}
    assert found.size == 11 + 12


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (added(1, seen_by=(RunId(4),)), Staying.SEEN_AGAIN),
        (added(1, only_copy=True), Staying.ONLY_COPY),
        (added(1, only_copy=True, seen_by=(RunId(4),)), Staying.ONLY_COPY),
    ],
)
def test_what_others_refer_to_stays(one: Added, reason: Staying) -> None:
    assert reasons(plan(one)) == {one.digest: reason}


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        (replace(THERE, sidecar_sha256="b" * 64), Staying.EDITED),
        (replace(THERE, present=False), Staying.MISSING),
        (replace(THERE, ingested_at="2020-01-01T00:00:00Z"), Staying.OLDER),
    ],
)
def test_what_lies_there_otherwise_than_the_run_left_it_stays(
    there: OnDisk, reason: Staying
) -> None:
    assert reasons(plan(added(1), on_disk={digest_of(1): there})) == {digest_of(1): reason}


def test_one_without_a_sidecar_goes() -> None:
    there = replace(THERE, sidecar_sha256=None, ingested_at=None)
    assert gone(plan(added(1), on_disk={digest_of(1): there})) == {digest_of(1)}


def test_a_member_of_an_asset_that_stays_in_part_stays() -> None:
    still, video = added(1, 1, seen_by=(RunId(4),)), added(2, 1)
    assert reasons(plan(still, video))[video.digest] is Staying.MEMBER


def test_a_member_of_an_asset_that_another_run_began_stays() -> None:
    assert reasons(plan(added(2, 1), occupied=frozenset({digest_of(1)}))) == {
        digest_of(2): Staying.MEMBER
    }


def test_staying_passes_on_through_a_companion_of_two_assets() -> None:
    first, companion, second = added(1), added(2, 1, 3), added(3)
    found = plan(first, companion, second, occupied=frozenset({digest_of(1)}))
    assert set(reasons(found)) == {digest_of(1), digest_of(2), digest_of(3)}


def test_what_superseded_one_that_stays_is_needed() -> None:
    cut = added(1, seen_by=(RunId(4),), names=frozenset({digest_of(2)}))
    assert reasons(plan(cut, added(2)))[digest_of(2)] is Staying.NEEDED


def test_what_an_original_of_another_run_names_is_needed() -> None:
    found = plan(added(1), named=frozenset({digest_of(1)}))
    assert reasons(found) == {digest_of(1): Staying.NEEDED}


def test_whole_assets_go_in_one_part() -> None:
    many = [added(number, number // 7) for number in range(1000)]
    parts = plan(*many).parts
    homes = [{digest_of(many_of(leave.digest)) for leave in part} for part in parts]
    assert len(parts) > 1
    assert sum(map(len, homes)) == len(set().union(*homes))


def many_of(digest: Digest) -> int:
    return next(number // 7 for number in range(1000) if digest_of(number) == digest)


NUMBERS = st.integers(0, 8)


@st.composite
def sessions(draw: st.DrawFn) -> Additions:
    """Runs of a few originals with all sorts of ties."""
    originals = tuple(
        added(
            number,
            *draw(st.sets(NUMBERS, min_size=1, max_size=2)),
            names=frozenset(map(digest_of, draw(st.sets(NUMBERS, max_size=1)))),
            seen_by=draw(st.sampled_from([(), (), (), (RunId(4),)])),
            only_copy=draw(st.integers(0, 9)) == 0,
        )
        for number in draw(st.sets(NUMBERS))
    )
    return Additions(
        RUN,
        FIRST,
        originals,
        occupied=frozenset(map(digest_of, draw(st.sets(NUMBERS, max_size=2)))),
        named=frozenset(map(digest_of, draw(st.sets(NUMBERS, max_size=1)))),
    )


@given(sessions())
def test_nothing_that_stays_refers_to_anything_that_goes(additions: Additions) -> None:
    found = plan_undo(additions, {one.digest: THERE for one in additions.originals})
    goes = gone(found)
    going = [one for one in additions.originals if one.digest in goes]
    staying = [one for one in additions.originals if one.digest not in goes]
    touched = {asset for one in staying for asset in one.assets} | additions.occupied

    assert not any(one.seen_by or one.only_copy for one in going)
    assert not any(one.assets & touched for one in going)
    assert goes.isdisjoint({name for one in staying for name in one.names} | additions.named)


@given(sessions())
def test_every_original_goes_or_stays_once(additions: Additions) -> None:
    found = plan_undo(additions, {one.digest: THERE for one in additions.originals})
    told = [one.digest for one in (*found.leaves, *found.stays)]

    assert sorted(told) == sorted(one.digest for one in additions.originals)


@given(sessions())
def test_what_goes_apart_shares_no_asset(additions: Additions) -> None:
    found = plan_undo(additions, {one.digest: THERE for one in additions.originals})
    ours = {one.digest: one for one in additions.originals}
    seen: set[Digest] = set()
    for part in found.parts:
        assets = {asset for leave in part for asset in ours[leave.digest].assets}
        assert seen.isdisjoint(assets)
        seen |= assets


def test_news_of_an_original_concern_its_plan() -> None:
    additions = Additions(RUN, FIRST, (added(1, 7),))
    quiet = News({"host": 9}, frozenset({digest_of(2)}), frozenset({digest_of(2)}))

    assert not concerns(quiet, additions)
    assert concerns(replace(quiet, digests=frozenset({digest_of(1)})), additions)
    assert concerns(replace(quiet, assets=frozenset({digest_of(7)})), additions)
    assert concerns(replace(quiet, named=frozenset({digest_of(1)})), additions)


def test_an_edited_one_goes_when_that_is_said() -> None:
    edited = {digest_of(1): replace(THERE, sidecar_sha256="b" * 64, ingested_at=LATER)}
    found = plan_undo(Additions(RUN, FIRST, (added(1),)), edited, also_edited=True)

    assert gone(found) == {digest_of(1)}
