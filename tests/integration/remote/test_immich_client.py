"""Our client against a server that speaks Immich's API."""

import threading
from collections.abc import Callable
from itertools import chain

import pytest

from immich_library import Fault, Immich
from immich_server import running
from picture_pipeline.errors import PipelineError, Unavailable, UsageError
from picture_pipeline.model.server_asset import Visibility
from picture_pipeline.remote.immich import PERMISSIONS, ImmichServer

Connect = Callable[..., ImmichServer]

TAKEN = "2024-03-15T10:11:{:02}.000Z"
NOON = "2024-03-15T12:00:00.000Z"


def user_of(immich: Immich, key: str) -> str:
    return immich.keys[key][0]


def ids(server_assets: object) -> list[str]:
    return [asset.id for asset in server_assets]  # type: ignore[attr-defined]  # an iterable of assets


@pytest.mark.parametrize("page", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("seconds", [range(10), [5] * 10, [1, 1, 1, 2, 3, 3, 3, 3, 4, 4]])
def test_every_asset_comes_once_whatever_the_pages(
    immich: Immich, connect: Connect, page: int, seconds: list[int]
) -> None:
    key = immich.key()
    immich.largest_page = page
    made = {
        immich.put(user_of(immich, key), f"{n}.jpg", b"%d" % n, TAKEN.format(second))
        for n, second in enumerate(seconds)
    }

    found = list(connect(key).assets(Visibility.TIMELINE))

    assert {asset.id for asset in found} == made
    assert len(found) == len(made)
    assert [asset.taken for asset in found] == sorted(asset.taken for asset in found)


def test_a_million_assets_are_not_counted_off_page_by_page(
    immich: Immich, connect: Connect
) -> None:
    """Page numbers cost the server the rows of all pages before."""
    key = immich.key()
    immich.largest_page = 5
    for number in range(40):
        immich.put(user_of(immich, key), "a.jpg", b"%d" % number, TAKEN.format(number))

    list(connect(key).assets(Visibility.TIMELINE))

    assert {query["page"] for query in immich.searches} == {1}


def test_what_immich_has_not_looked_at_yet_comes_too(immich: Immich, connect: Connect) -> None:
    key = immich.key()
    new = immich.put(user_of(immich, key), "new.jpg", b"new", NOON)
    old = immich.put(user_of(immich, key), "old.jpg", b"old", NOON)
    immich.forget_exif(new)

    found = {asset.id: asset.size for asset in connect(key).assets(Visibility.TIMELINE)}

    assert found == {new: None, old: 3}
    assert connect(key).size_of(new) == 3


def test_the_trash_the_archive_and_hidden_films_are_seen(immich: Immich, connect: Connect) -> None:
    key = immich.key()
    user = user_of(immich, key)
    film = immich.put(user, "a.mov", b"film", NOON)
    still = immich.put(user, "a.jpg", b"still", NOON, livePhotoVideoId=film)
    trashed = immich.put(user, "b.jpg", b"trashed", NOON, isTrashed=True)
    archived = immich.put(user, "c.jpg", b"archived", NOON, visibility="archive")

    found = {each: set(ids(connect(key).assets(each))) for each in Visibility}

    assert found == {
        Visibility.TIMELINE: {still, trashed},
        Visibility.ARCHIVE: {archived},
        Visibility.HIDDEN: {film},
    }


def test_albums_tags_and_stacks_are_told_with_their_assets(
    immich: Immich, connect: Connect
) -> None:
    key = immich.key()
    one, two = (
        immich.put(user_of(immich, key), f"{n}.jpg", b"%d" % n, TAKEN.format(n)) for n in range(2)
    )
    immich.album("Meer", one, two)
    immich.tag("Orte/Sylt", two)
    stack = immich.stack(one, two)
    server = connect(key)

    assert {name: set(server.ids_in_album(i)) for i, name in server.albums().items()} == {
        "Meer": {one, two}
    }
    assert {name: set(server.ids_with_tag(i)) for i, name in server.tags().items()} == {
        "Orte/Sylt": {two}
    }
    assert [(i, set(assets)) for i, assets in server.stacks()] == [(stack, {one, two})]


def test_an_asset_of_somebody_else_is_not_there(immich: Immich, connect: Connect) -> None:
    theirs = immich.put("somebody", "a.jpg", b"a", NOON)
    server = connect()

    assert server.asset(theirs) is None
    with server.original(theirs) as pieces:
        assert pieces is None


def test_a_server_that_is_busy_is_asked_again_after_a_while(
    immich: Immich, connect: Connect, pauses: list[float]
) -> None:
    immich.faults += [Fault("/api/", 2, status=503)]

    connect().check()

    assert pauses == [0.5, 1.0]


def test_a_server_says_how_long_to_wait(
    immich: Immich, connect: Connect, pauses: list[float]
) -> None:
    immich.faults += [
        Fault("/api/", 1, 429, retry_after="7"),
        Fault("/api/", 1, 429, retry_after="9999999"),
    ]

    connect().check()

    assert pauses == [7.0, 30.0]


def test_a_server_that_stays_busy_ends_the_run_as_unavailable(
    immich: Immich, connect: Connect, pauses: list[float]
) -> None:
    immich.faults += [Fault("/api/", 99, status=502)]

    with pytest.raises(Unavailable, match="does not answer"):
        connect().check()
    assert len(pauses) == 4
    assert immich.asked("/api/server/version") == 5


def test_a_server_that_is_away_is_unavailable(connect: Connect, immich: Immich) -> None:
    key = immich.key()
    with running(Immich()) as other:
        server = connect(key)
        server._client.base_url = f"{other.url}/api/"  # noqa: SLF001 - where nobody answers soon

    with pytest.raises(Unavailable, match="see that it runs"):
        server.check()


def test_an_answer_that_breaks_off_is_asked_for_again(immich: Immich, connect: Connect) -> None:
    immich.faults += [Fault("/api/users/me", 1)]
    server = connect()

    assert server.owner()
    immich.faults = [Fault("/api/users/me", 99)]
    with pytest.raises(Unavailable, match="does not answer"):
        server.owner()


def test_a_wrong_key_is_said_to_be_wrong(connect: Connect) -> None:
    with pytest.raises(UsageError, match="wrong, or was deleted") as refused:
        connect("secret-wrong").check()
    assert "secret-wrong" not in str(refused.value)


def test_what_a_key_lacks_is_named(immich: Immich, connect: Connect) -> None:
    key = immich.key("user.read")

    with pytest.raises(UsageError, match=r"Missing required permission: asset\.read") as refused:
        list(connect(key).assets(Visibility.TIMELINE))
    assert all(permission in str(refused.value) for permission in PERMISSIONS)
    assert key not in str(refused.value)


def test_the_permissions_that_we_ask_for_are_enough(immich: Immich, connect: Connect) -> None:
    key = immich.key(*PERMISSIONS)
    asset = immich.put(user_of(immich, key), "a.jpg", b"bytes", NOON)
    immich.album("Meer", asset)
    immich.tag("Orte", asset)
    immich.stack(asset)
    server = connect(key)

    server.check()
    found = [server.albums(), server.tags(), list(server.stacks()), server.asset(asset)]
    with server.original(asset) as pieces:
        data = b"".join(chain(pieces or ()))

    assert all(found)
    assert data == b"bytes"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("/api/", 9, 200, html=True), "answers with text/html"),
        (Fault("/api/", 9, 404, html=True), "answers 404"),
        (Fault("/api/", 9, 302), "leads on to"),
    ],
)
def test_what_is_no_immich_is_said_to_be_none(
    immich: Immich, connect: Connect, fault: Fault, said: str
) -> None:
    immich.faults += [fault]

    with pytest.raises(UsageError, match=said):
        connect().check()


def test_a_server_that_knows_no_order_is_not_asked_for_ever(
    immich: Immich, connect: Connect
) -> None:
    key = immich.key()
    immich.largest_page, immich.unordered = 2, True
    for number in range(9):
        immich.put(user_of(immich, key), "a.jpg", b"%d" % number, TAKEN.format(number))

    with pytest.raises(UsageError, match="order of time"):
        list(connect(key).assets(Visibility.TIMELINE))


def test_an_immich_that_is_too_old_is_said_to_be_so(immich: Immich, connect: Connect) -> None:
    immich.version = (1, 106, 4)

    with pytest.raises(UsageError, match=r"Immich 1\.106\.4 is too old"):
        connect().check()


@pytest.mark.parametrize("version", [(2, 5, 6), (3, 1, 0), (4, 0, 0)])
def test_other_versions_are_tolerated(
    immich: Immich, connect: Connect, version: tuple[int, int, int]
) -> None:
    immich.version = version

    connect().check()

    assert immich.asked("users/me") == 1


@pytest.mark.parametrize("hang", [None, threading.Event()])
def test_a_download_that_breaks_off_says_so(
    immich: Immich, connect: Connect, hang: threading.Event | None
) -> None:
    key = immich.key()
    asset = immich.put(user_of(immich, key), "a.jpg", b"x" * 5000, NOON)
    immich.faults += [Fault(f"/api/assets/{asset}", 1, hang=hang)]
    server = connect(key, seconds=0.3)

    with server.original(asset) as pieces, pytest.raises(ConnectionError):
        b"".join(pieces or ())
    if hang is not None:
        hang.set()


def test_every_error_says_what_to_do(immich: Immich, connect: Connect) -> None:
    said = []
    for fault in (Fault("/api/", 1, 401), Fault("/api/", 1, 403), Fault("/api/", 1, 500)):
        immich.faults = [fault]
        with pytest.raises(PipelineError) as raised:
            connect().check()
        said.append((raised.value.exit_status, "; " in str(raised.value)))
    assert said == [(2, True), (2, True), (3, True)]
