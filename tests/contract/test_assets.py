"""Promises of the port ``Books`` about assets: who is near whom, and what is booked of them."""

from collections.abc import Collection
from dataclasses import replace

from picture_pipeline.catalog.asset_pages import page_assets
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.showing import show
from picture_pipeline.model.asset import (
    AssetKind,
    Group,
    Membership,
    Neighbourhood,
    Place,
    Role,
    Spot,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.query import Filter
from picture_pipeline.model.run import Batch, Change
from samples import CAMERA, batch_of, digest_of, lines_of, original_of, publication_of

STILL, VIDEO, OTHER = (digest_of(number) for number in (1, 2, 3))


def group_of(asset: Digest, *members: tuple[Digest, Role, bool]) -> Group:
    named = (Membership(asset, digest, role, home) for digest, role, home in members)
    return Group(asset, AssetKind.LIVE_PHOTO, tuple(named))


PAIR = group_of(STILL, (STILL, Role.PRIMARY, True), (VIDEO, Role.LIVE_VIDEO, True))
ALONE = group_of(OTHER, (OTHER, Role.PRIMARY, True))


def book(catalog: SqlCatalog, batch: Batch, first_line: int = 1) -> None:
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch, first_line))


def book_pair(catalog: SqlCatalog) -> None:
    """Book a Live Photo and a picture of its own."""
    video = publication_of(2, asset=STILL, role="live_video", content_identifier="A", burst="B")
    batch = batch_of("a", [publication_of(1, content_identifier="A"), video, publication_of(3)])
    book(catalog, replace(batch, groups=(PAIR, ALONE)))


def near(
    catalog: SqlCatalog,
    spots: Collection[Spot] = (),
    identifiers: Collection[str] = (),
    bursts: Collection[str] = (),
    digests: Collection[Digest] = (),
) -> Neighbourhood:
    with catalog.publishing() as books:
        return books.neighbourhood(spots, identifiers, bursts, digests)


def digests_near(found: Neighbourhood) -> set[Digest]:
    return {member.digest for member in found.members}


def test_every_hint_leads_to_the_whole_asset(catalog: SqlCatalog) -> None:
    book_pair(catalog)
    hints = (
        near(catalog, spots=[(CAMERA.name, b"DCIM", b"img_1")]),
        near(catalog, identifiers=["A"]),
        near(catalog, bursts=["B"]),
        near(catalog, digests=[VIDEO]),
    )
    assert [digests_near(found) for found in hints] == [{STILL, VIDEO}] * 4
    assert {frozenset(g.members) for g in hints[0].groups} == {frozenset(PAIR.members)}


def test_a_hint_that_leads_nowhere_gives_nothing(catalog: SqlCatalog) -> None:
    book_pair(catalog)
    spots = [(CAMERA.name, b"DCIM", b"img_9"), (CAMERA.name, b"other", b"img_1")]
    assert near(catalog, spots, ["Z"], ["Z"], [digest_of(9)]) == Neighbourhood()


def test_a_member_knows_its_places_and_its_arrival(catalog: SqlCatalog) -> None:
    book_pair(catalog)
    by_digest = {member.digest: member for member in near(catalog, identifiers=["A"]).members}
    size = original_of(1).size
    assert by_digest[STILL].places == (Place(CAMERA.name, b"DCIM", b"IMG_1.JPG", size),)
    assert by_digest[STILL].arrived < by_digest[VIDEO].arrived
    assert by_digest[VIDEO].asset == STILL


def test_originals_are_booked_anew_with_their_asset(catalog: SqlCatalog) -> None:
    book_pair(catalog)
    changed = original_of(3, asset=STILL, role="edited", rating=5, keywords=("late",))
    whole = group_of(
        STILL, *((m.digest, m.role, True) for m in PAIR.members), (OTHER, Role.EDITED, True)
    )
    book(catalog, replace(batch_of("b"), changes=(Change(changed),), groups=(whole,)), 10)

    shown = show(catalog.engine, OTHER)
    assert (shown.original.rating, shown.original.keywords) == (5, ("late",))
    assert {(m.digest, m.role) for m in shown.members} == {
        (STILL, "primary"),
        (VIDEO, "live_video"),
        (OTHER, "edited"),
    }
    assert [asset.primary.digest for asset in page_assets(catalog.engine, Filter())] == [STILL]


def test_a_companion_may_serve_a_second_asset(catalog: SqlCatalog) -> None:
    book_pair(catalog)
    serves = group_of(OTHER, (OTHER, Role.PRIMARY, True), (VIDEO, Role.LIVE_VIDEO, False))
    book(catalog, replace(batch_of("b"), groups=(serves,)), 10)

    assert [m.digest for m in show(catalog.engine, OTHER).members] == [OTHER, VIDEO]
    assert [m.digest for m in show(catalog.engine, STILL).members] == [STILL, VIDEO]
    found = near(catalog, identifiers=["A"])
    assert digests_near(found) == {STILL, VIDEO, OTHER}
    assert len(found.groups) == 2


def test_all_that_is_booked_of_an_original_is_given(catalog: SqlCatalog) -> None:
    told = {"keywords": ("b", "a"), "tags": ("A/B",), "duration": 1.5, "notes": ("x",)}
    book(catalog, batch_of("a", [publication_of(1, **told)]))
    with catalog.publishing() as books:
        assert books.originals([STILL, digest_of(9)]) == {STILL: original_of(1, **told)}


def test_a_filter_finds_an_asset_by_any_member(catalog: SqlCatalog) -> None:
    book_pair(catalog)
    found = list(page_assets(catalog.engine, Filter(rating=None, media_type="image/jpeg")))
    assert [asset.primary.digest for asset in found] == [STILL, OTHER]
    assert list(page_assets(catalog.engine, Filter(rating=4))) == []
    behind = list(page_assets(catalog.engine, Filter(), STILL))
    assert [asset.primary.digest for asset in behind] == [OTHER]
