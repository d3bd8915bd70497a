"""Everything comes home from an Immich server, through the installed command."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from immich_family import FILM, MORNING, NOON, OTHER, STILL, Family, counts
from immich_library import INSIDE, Immich
from immich_server import running
from pictures import jpeg


@pytest.fixture
def immich(tmp_path: Path) -> Iterator[Immich]:
    with running(Immich(media=tmp_path / "media")) as answering:
        yield answering


@pytest.fixture
def family(immich: Immich, tmp_path: Path) -> Family:
    return Family(immich, tmp_path / "home")


def test_what_a_phone_uploads_comes_home(immich: Immich, family: Family) -> None:
    """By Immich's own multipart upload, which counts equal bytes once."""
    first = upload(immich, family.key, "IMG_1.JPG", STILL)
    again = upload(immich, family.key, "IMG_1 (1).JPG", STILL)

    report = family.come_home()

    assert (first["status"], again) == ("created", {"id": first["id"], "status": "duplicate"})
    assert counts(report) == (1, 1, 0, 0, 0, 0)
    assert [path.read_bytes() for path in family.storage.originals()] == [STILL]


def upload(immich: Immich, key: str, name: str, data: bytes) -> dict[str, str]:
    fields = {
        "deviceAssetId": name,
        "deviceId": "phone",
        "fileCreatedAt": MORNING,
        "fileModifiedAt": MORNING,
    }
    parts = [
        f'--cut\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--cut\r\ncontent-disposition: form-data; name="assetData"; filename="{name}"\r\n'
    body = b"".join((*parts, head.encode(), b"\r\n", data, b"\r\n--cut--\r\n"))
    headers = {"x-api-key": key, "content-type": "multipart/form-data; boundary=cut"}
    with urlopen(Request(f"{immich.url}/api/assets", body, headers)) as answer:  # noqa: S310 - our own server
        told: dict[str, str] = json.load(answer)
    return told


def test_all_that_immich_tells_is_kept(immich: Immich, family: Family) -> None:
    one, two = family.put("IMG_1.JPG", STILL, MORNING), family.put("IMG_2.JPG", OTHER)
    exif = {"description": "Am Strand", "rating": 4, "latitude": 54.9, "longitude": 8.3}
    immich.change(one, exif, isFavorite=True)
    immich.change(two, visibility="archive")
    immich.name_people(one, "Anna", "")
    immich.album("Sylt 2024", one, two)
    immich.tag("Orte", one)
    immich.tag("Orte/Sylt", one)
    stack = immich.stack(one, two)

    family.come_home()

    shown, other = family.shown(STILL), family.shown(OTHER)
    assert (shown["favourite"], other["favourite"]) == (True, False)
    assert (shown["hidden"], other["hidden"]) == (False, True)
    assert (shown["caption"], shown["rating"]) == ("Am Strand", 4)
    assert shown["albums"] == other["albums"] == ["Sylt 2024"]
    assert [person["name"] for person in shown["people"]] == ["Anna"]
    assert shown["tags"][0] == "Orte/Sylt"
    assert shown["stack"] == other["stack"] == stack
    assert (shown["gps"]["latitude"], shown["gps"]["longitude"]) == (54.9, 8.3)


def test_a_live_photo_is_one_asset_whatever_its_halves_are_called(family: Family) -> None:
    late = "2024-03-15T23:11:12.000Z"  # the film has an offset, the still has none
    moving = family.put("9F3A.MOV", FILM, late)
    family.put("IMG_1.HEIC.JPG", STILL, MORNING, livePhotoVideoId=moving)

    report = family.come_home()

    asset = family.shown(STILL)["asset"]
    assert counts(report) == (2, 2, 0, 0, 0, 0)
    assert asset["kind"] == "live_photo"
    assert asset == family.shown(FILM)["asset"]


def test_the_trash_comes_home_too(family: Family) -> None:
    family.put("IMG_1.JPG", STILL, isTrashed=True)

    assert counts(family.come_home()) == (1, 1, 0, 0, 0, 0)


def test_what_partners_share_is_left_to_their_own_keys(immich: Immich, family: Family) -> None:
    immich.put("partner", "IMG_1.JPG", STILL, NOON)
    immich.partners = {family.user: ("partner",)}

    assert counts(family.come_home()) == (0, 0, 0, 0, 0, 0)


def test_films_that_immich_cut_out_of_motion_photos_stay_there(family: Family) -> None:
    made = family.put("IMG_1.mp4", FILM)
    family.immich.change(made, originalPath=f"{INSIDE}/encoded-video/anna/1-MP.mp4")
    family.put("IMG_1.JPG", STILL, livePhotoVideoId=made)

    assert counts(family.come_home()) == (1, 1, 0, 0, 0, 0)


def test_a_film_whose_still_is_gone_is_kept(family: Family) -> None:
    family.put("IMG_1.MOV", FILM, visibility="hidden")

    assert counts(family.come_home()) == (1, 1, 0, 0, 0, 0)


def test_a_second_run_asks_for_no_bytes(immich: Immich, family: Family) -> None:
    family.put("IMG_1.JPG", STILL)
    immich.external(family.user, "2.jpg", OTHER, NOON)
    family.come_home()
    once = immich.downloads.copy()

    assert counts(family.come_home()) == (2, 0, 0, 2, 0, 0)
    assert immich.downloads == once
    assert once.total() == 2


@pytest.mark.parametrize("external", [False, True])
def test_a_favourite_comes_home_without_its_bytes(
    immich: Immich, family: Family, *, external: bool
) -> None:
    put = immich.external if external else immich.put
    asset = put(family.user, "1.jpg", STILL, NOON)
    family.come_home()

    immich.change(asset, isFavorite=True)
    immich.album("Beste", asset)
    report = family.come_home()

    assert counts(report) == (1, 0, 1, 0, 0, 0)
    shown = family.shown(STILL)
    assert (shown["favourite"], shown["albums"]) == (True, ["Beste"])
    assert immich.downloads == {asset: 1}


def test_bytes_that_are_archived_already_are_not_fetched(
    immich: Immich, family: Family, tmp_path: Path
) -> None:
    (tmp_path / "card").mkdir()
    (tmp_path / "card" / "IMG_1.JPG").write_bytes(STILL)
    family.come_home(str(tmp_path / "card"))
    asset = family.put("renamed.jpg", STILL)
    immich.change(asset, isFavorite=True)

    report = family.come_home()

    assert counts(report) == (1, 0, 1, 0, 0, 0)
    assert immich.downloads == {}
    assert family.shown(STILL)["favourite"] is True


def test_files_that_this_computer_sees_are_not_fetched(immich: Immich, family: Family) -> None:
    family.put("IMG_1.JPG", STILL)
    missing = family.put("IMG_2.JPG", OTHER)
    lying = Path(immich.media or "") / immich.assets[missing].about["originalPath"].removeprefix(
        f"{INSIDE}/"
    )
    lying.write_bytes(OTHER + b"another length")
    paths = json.dumps([{"server": INSIDE, "local": str(immich.media)}])
    family.storage = family.storage.given(PICTURE_PIPELINE_STORAGE__IMMICH__PATHS=paths)

    assert counts(family.come_home()) == (2, 2, 0, 0, 0, 0)
    assert immich.downloads == {missing: 1}
    assert {path.read_bytes() for path in family.storage.originals()} == {STILL, OTHER}


def test_equal_names_of_one_day_are_all_kept(family: Family) -> None:
    pictures = [jpeg(number) for number in range(4)]
    for picture in pictures:
        family.put("IMG_1.JPG", picture)

    assert counts(family.come_home()) == (4, 4, 0, 0, 0, 0)
    assert {family.shown(picture)["original_name"] for picture in pictures} == {"IMG_1.JPG"}
