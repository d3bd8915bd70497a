"""What every source promises (``ports.Source``), of an Immich server."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from immich_assets import Shelf, asset, identity
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FolderListing,
    NotYet,
    SourceName,
    SourceSpec,
    Unopenable,
    Way,
    Within,
)
from picture_pipeline.model.server_asset import ServerAsset, Visibility
from picture_pipeline.model.told import Told
from picture_pipeline.sources.immich_api import KIND, ImmichSource
from picture_pipeline.sources.kinds import KINDS

ADDRESS = b"http://immich.lan:2283"
SPEC = SourceSpec(SourceName("immich"), ADDRESS, KIND)


def on(asset_: ServerAsset, day: str, **more: object) -> ServerAsset:
    return replace(asset_, taken=f"{day}T10:00:00.000Z", **more)  # type: ignore[arg-type]  # by name


@pytest.fixture
def shelf() -> Shelf:
    """Two days, a Live Photo, two of one name, the archive, a lonely film."""
    film = on(asset(5, "x.MOV"), "2024-03-16", visibility=Visibility.HIDDEN, size=55)
    return Shelf.of(
        on(asset(1, "IMG_1.JPG"), "2024-03-15", size=11, sha1="ab" * 20, checksum="c"),
        on(asset(2, "IMG_1.JPG"), "2024-03-15", size=22),
        on(asset(3, "A.JPG"), "2024-03-15", size=33, visibility=Visibility.ARCHIVE),
        on(asset(4, "IMG_4.HEIC"), "2024-03-16", size=44, live_film=identity(5)),
        film,
        on(asset(6, "y.MOV"), "2020-01-01", visibility=Visibility.HIDDEN, size=66),
        on(asset(7, "theirs.JPG"), "2024-03-15", owner="ben"),
    )


PLACES = {
    "2024/03/15/A.JPG": 33,
    "2024/03/15/IMG_1.JPG": 11,
    f"2024/03/15/{identity(2)}/IMG_1.JPG": 22,
    "2024/03/16/IMG_4.HEIC": 44,
    "2024/03/16/IMG_4.MOV": 55,
    "hidden/2020/01/01/y.MOV": 66,
}


@pytest.fixture
def source(shelf: Shelf) -> ImmichSource:
    return ImmichSource(SPEC, shelf.connect)


def listed(source: ImmichSource) -> list[FolderListing]:
    return [each for each in source.listings() if isinstance(each, FolderListing)]


def found(source: ImmichSource) -> dict[str, Candidate | Unopenable | NotYet]:
    entries = ((each.folder, entry) for each in listed(source) for entry in each.entries)
    return {f"{f.decode()}/{e.name.decode()}": source.classify(f, e) for f, e in entries}


def told(source: ImmichSource, place: str = "2024/03/15/IMG_1.JPG") -> Told:
    candidate = found(source)[place]
    assert isinstance(candidate, Candidate)
    return candidate.told


def stamps(source: ImmichSource) -> dict[str, object]:
    return {place: each.stamp for place, each in found(source).items()}


def changed(before: dict[str, object], after: dict[str, object]) -> Iterable[str]:
    return [place for place in before if after[place] != before[place]]


def test_every_asset_comes_exactly_once(source: ImmichSource) -> None:
    assert {place: each.stamp.size for place, each in found(source).items()} == PLACES


def test_every_folder_comes_once_and_in_the_same_order_again(source: ImmichSource) -> None:
    folders = [each.folder for each in listed(source)]

    assert len(set(folders)) == len(folders)
    assert listed(source) == listed(source)


def test_names_come_in_the_order_of_their_bytes(source: ImmichSource) -> None:
    for listing in listed(source):
        names = [entry.name for entry in listing.entries]
        assert names == sorted(names)


def test_assets_are_candidates_at_their_places(source: ImmichSource) -> None:
    candidates = {
        place: each for place, each in found(source).items() if isinstance(each, Candidate)
    }

    assert {place: each.path.decode() for place, each in candidates.items()} == {
        place: place for place in PLACES
    }
    assert candidates["2024/03/15/IMG_1.JPG"] == Candidate(
        folder=b"2024/03/15",
        name=b"IMG_1.JPG",
        stamp=candidates["2024/03/15/IMG_1.JPG"].stamp,
        within=Within(Way.IMMICH, ADDRESS, f"{identity(1)} /data/upload/1.jpg"),
        told=Told(favourite=False, hidden=False, deleted=False),
        sha1="ab" * 20,
        told_in_inode=True,
    )


def test_nothing_is_asked_for_by_itself(source: ImmichSource, shelf: Shelf) -> None:
    found(source)

    assert shelf.asked == ["check"]


def test_a_film_has_no_albums_of_its_own_but_its_name(source: ImmichSource) -> None:
    assert told(source, "2024/03/16/IMG_4.MOV") == Told(original_name="x.MOV", deleted=False)


@pytest.mark.parametrize(
    "change", [{"favourite": True}, {"people": ("Anna",)}, {"caption": "Meer"}, {"trashed": True}]
)
def test_what_is_told_anew_changes_the_inode_alone(
    source: ImmichSource, shelf: Shelf, change: dict[str, object]
) -> None:
    before = stamps(source)
    shelf.held[identity(1)] = replace(shelf.held[identity(1)], **change)  # type: ignore[arg-type]  # by name
    after = stamps(source)

    (place,) = changed(before, after)
    assert before[place][:3] == after[place][:3]  # type: ignore[index]  # stamps are tuples


def test_a_new_album_is_noticed_although_immich_books_no_change(
    source: ImmichSource, shelf: Shelf
) -> None:
    before = stamps(source)
    shelf.named_albums["a"] = ("Meer", (identity(1), identity(2)))

    assert len([*changed(before, stamps(source))]) == 2


def test_other_bytes_change_more_than_the_inode(source: ImmichSource, shelf: Shelf) -> None:
    before = stamps(source)
    shelf.held[identity(1)] = replace(shelf.held[identity(1)], checksum="other")
    after = stamps(source)

    (place,) = changed(before, after)
    assert before[place][:3] != after[place][:3]  # type: ignore[index]  # stamps are tuples


def test_all_that_belongs_to_an_asset_is_told(source: ImmichSource, shelf: Shelf) -> None:
    one = identity(1)
    shelf.held[one] = replace(shelf.held[one], favourite=True, people=("Anna",), rating=5)
    shelf.named_albums |= {"a": ("Meer", (one,)), "b": ("Meer", (one,)), "c": ("Berge", (one,))}
    shelf.named_tags |= {"a": ("Orte", ()), "b": ("Orte/Sylt", (one,)), "c": ("Ort", (one,))}
    shelf.stacked |= {"s": (one, identity(2))}

    assert told(source) == Told(
        albums=("Berge", "Meer"),
        people=("Anna",),
        tags=("Ort", "Orte/Sylt"),
        favourite=True,
        hidden=False,
        deleted=False,
        rating=5,
        stack="s",
    )


def test_what_lies_nowhere_is_never_opened(source: ImmichSource, shelf: Shelf) -> None:
    shelf.held[identity(1)] = replace(shelf.held[identity(1)], offline=True)
    shelf.held[identity(2)] = replace(shelf.held[identity(2)], size=None)

    refused = [each for each in found(source).values() if isinstance(each, Unopenable)]

    assert [each.reason for each in refused] == ["unreadable", "unreadable"]


def test_an_entry_that_came_another_way_waits(source: ImmichSource) -> None:
    (entry, *_) = listed(source)[0].entries
    strange = Entry(*entry)

    assert isinstance(source.classify(b"2024/03/15", strange), NotYet)


def test_it_knows_who_it_is(source: ImmichSource) -> None:
    assert source.spec.kind in KINDS
    assert source.shows_all
