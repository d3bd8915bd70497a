"""Exports of Google and Apple, taken in from their zips."""

import json
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from installed import Storage, until
from libraries import Library
from movies import header, movie, track
from pictures import fill, jpeg, photo
from zips import DEFLATED, deflated, write_zip, zip_of

PHOTOS = "Takeout/Google Photos/"
YEAR, ALBUM = PHOTOS + "Photos from 2019/", PHOTOS + "Rome/"
TAKEN = "1556712000"
"""2019-05-01 12:00 UTC."""
LONG = "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_"
SINCE_1904 = 2_082_844_800


def note(title: str = "x.jpg", **said: object) -> bytes:
    """Make a picture's JSON."""
    where = {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0}
    taken = {"timestamp": TAKEN}
    return json.dumps({"title": title, "photoTakenTime": taken, "geoData": where, **said}).encode()


FIRST: Mapping[str, bytes] = {
    YEAR + "x.jpg.supplemental-metadata.json": note(favorited=True, people=[{"name": "Anna"}]),
    YEAR + "x.jpg.supplemental-metadata(1).json": note(trashed=True),
    YEAR + "IMG_1.JPG.supplemental-metadata.json": note("IMG_1.JPG", archived=True),
    YEAR + LONG + ".json": note("original.jpg", description="a long name"),
    ALBUM + "metadata.json": b'{"title": "Summer in Rome", "date": {"timestamp": "1"}}',
    ALBUM + "x.jpg": jpeg(1),
}
SECOND: Mapping[str, bytes] = {
    YEAR + "x.jpg": jpeg(1),
    YEAR + "x(1).jpg": jpeg(2),
    YEAR + "x-bearbeitet.jpg": jpeg(3),
    YEAR + "IMG_1.JPG": photo(4, taken="2019:05:01 12:00:00"),
    YEAR + "IMG_1.MP4": movie(header(int(TAKEN) + SINCE_1904, 600, 1200), track()),
    YEAR + LONG + "P.jpg": jpeg(5),
}


@pytest.fixture
def library(storage: Storage, source: Path) -> Library:
    return Library(storage, source)


@pytest.fixture
def taken_in(library: Library) -> Library:
    """Give a library that holds an export of two parts."""
    write_zip(library.folder / "takeout-20240101T000000Z-001.zip", FIRST, DEFLATED)
    write_zip(library.folder / "takeout-20240101T000000Z-002.zip", SECOND)
    library.arrive({})
    return library


def test_everything_of_an_export_is_taken_in_but_the_albums_json(library: Library) -> None:
    write_zip(library.folder / "takeout-20240101T000000Z-001.zip", FIRST, DEFLATED)
    write_zip(library.folder / "takeout-20240101T000000Z-002.zip", SECOND)

    report = library.arrive({})

    assert (report["imported"], report["duplicate"], report["rejected"]) == (10, 1, 1)


def test_json_in_one_part_and_picture_in_the_other_are_one_asset(taken_in: Library) -> None:
    assert (
        frozenset(
            {
                ("x.jpg", "primary"),
                ("x-bearbeitet.jpg", "edited"),
                ("x.jpg.supplemental-metadata.json", "takeout"),
            }
        )
        in taken_in.assets()
    )


def test_a_duplicates_json_goes_with_the_duplicate(taken_in: Library) -> None:
    pair = {("x(1).jpg", "primary"), ("x.jpg.supplemental-metadata(1).json", "takeout")}

    assert frozenset(pair) in taken_in.assets()


def test_a_json_that_was_cut_goes_with_its_picture(taken_in: Library) -> None:
    pair = {(LONG + "P.jpg", "primary"), (LONG + ".json", "takeout")}

    assert frozenset(pair) in taken_in.assets()
    assert taken_in.shown(LONG + "P.jpg")["caption"] == "a long name"


def test_a_live_pair_is_one_asset_with_one_json(taken_in: Library) -> None:
    assert (
        frozenset(
            {
                ("IMG_1.JPG", "primary"),
                ("IMG_1.MP4", "live_video"),
                ("IMG_1.JPG.supplemental-metadata.json", "takeout"),
            }
        )
        in taken_in.assets()
    )


def test_albums_people_and_favourites_are_kept(taken_in: Library) -> None:
    said = taken_in.shown("x.jpg")

    assert (said["albums"], said["favourite"]) == (["Summer in Rome"], True)
    assert said["people"] == [{"name": "Anna", "region": None}]


def test_the_archived_is_hidden(taken_in: Library) -> None:
    assert taken_in.shown("IMG_1.JPG")["hidden"] is True


def test_a_second_run_opens_no_member(taken_in: Library) -> None:
    for path in taken_in.folder.glob("*.zip"):
        spoil(path)

    report = taken_in.arrive({})

    assert (report["seen"], report["skipped"]) == (12, 12)


def spoil(path: Path) -> None:
    """Damage every member of a zip, but not its directory."""
    data = bytearray(path.read_bytes())
    end = data.index(b"PK\1\2")
    data[:end] = bytes(end)
    path.write_bytes(data)


def test_what_a_later_part_tells_is_told_without_reading_pictures_again(library: Library) -> None:
    second = write_zip(library.folder / "takeout-20240101T000000Z-002.zip", SECOND)
    library.arrive({})
    spoil(second)
    write_zip(library.folder / "takeout-20240101T000000Z-001.zip", FIRST)

    report = library.arrive({})

    assert report["failed"] == 0
    assert library.shown("x.jpg")["favourite"] is True


def test_zips_that_are_named_are_taken_for_an_export(storage: Storage, source: Path) -> None:
    first = write_zip(source / "takeout-20240101T000000Z-001.zip", FIRST)
    second = write_zip(source / "takeout-20240101T000000Z-002.zip", SECOND)

    said = storage.here("import", first, second, "--json").json

    assert (said["imported"], said["duplicate"]) == (10, 1)


def test_any_zip_may_be_named(storage: Storage, source: Path) -> None:
    path = write_zip(source / "holiday.zip", {"../x.jpg": jpeg(1)})

    assert storage.here("import", path, "--json").json["imported"] == 1
    assert storage.here("import", f"holiday={path}", "--json").json["duplicate"] == 1


def test_a_zip_in_a_plain_folder_stays_closed_with_a_hint(storage: Storage, source: Path) -> None:
    write_zip(source / "holiday.zip", {"x.jpg": jpeg(1)})
    (source / "y.jpg").write_bytes(jpeg(2))

    (problem,) = storage.here("import", source, "--json").json["problems"]

    assert problem["reason"] == "not_a_picture"
    assert "--source takeout" in problem["detail"]


@pytest.mark.parametrize(
    ("data", "outcome", "reason"),
    [
        (zip_of(b"x.jpg", jpeg(1), crc=1), "failed", "unreadable"),
        (zip_of(b"x.jpg", jpeg(1), packed=b"\xff" * 30, method=DEFLATED), "failed", "unreadable"),
        (
            zip_of(b"x.jpg", packed=deflated(bytes(150 << 20)), method=DEFLATED, size=150 << 20),
            "rejected",
            "zip_bomb",
        ),
        (zip_of(b"x.jpg", jpeg(1), flags=1), "rejected", "encrypted"),
        (zip_of(b"x.jpg", b""), "rejected", "empty"),
        (b"PK\3\4 and no more", "failed", "unreadable"),
    ],
)
def test_a_bad_zip_is_named_and_a_good_one_goes_on(
    storage: Storage, source: Path, data: bytes, outcome: str, reason: str
) -> None:
    bad = source / "bad.zip"
    bad.write_bytes(data)
    good = write_zip(source / "good.zip", {"y.jpg": jpeg(2)})

    said = storage.here("import", bad, good, "--json").json

    assert [(p["outcome"], p["reason"]) for p in said["problems"]] == [(outcome, reason)]
    assert said["imported"] == 1


def test_a_sound_copy_of_a_damaged_zip_is_looked_at(storage: Storage, source: Path) -> None:
    path = source / "holiday.zip"
    path.write_bytes(zip_of(b"x.jpg", jpeg(1))[:40] + bytes(10) + zip_of(b"x.jpg", jpeg(1))[50:])
    assert storage.here("import", path, "--json").json["failed"] == 1

    path.write_bytes(zip_of(b"x.jpg", jpeg(1)))

    assert storage.here("import", path, "--json").json["imported"] == 1


def test_an_unpacked_export_tells_the_same(library: Library) -> None:
    library.arrive({**FIRST, **SECOND})

    said = library.shown("x.jpg")
    assert (said["albums"], said["favourite"]) == (["Summer in Rome"], True)


def test_parts_of_an_icloud_export_repeat_names(library: Library) -> None:
    header = (
        "imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate"
    )
    for part, favourite in ((1, "yes"), (2, "no")):
        when = f'"Saturday June {part},2019 12:11 PM GMT"'
        row = f"IMG_0861.JPG,AfQ,{favourite},no,no,{when},10,{when}"
        top = f"iCloud Photos Part {part} of 2/"
        members = {
            top + "Photos/IMG_0861.JPG": jpeg(part, side=32 * part),
            top + "Photos/Photo Details.csv": f"\ufeff{header}\n{row}\n".encode(),
            top + f"Albums/Trip {part}.csv": b"Images\nIMG_0861.JPG\n",
            top + "Albums/Empty.csv": b"",
        }
        write_zip(library.folder / f"iCloud Photos Part {part} of 2.zip", members)

    report = library.arrive({})

    told = sorted(
        (str(one["taken_at"]), str(one["albums"]), str(one["favourite"]))
        for one in (library.storage.here("show", each["digest"], "--json").json
                    for each in library.listed())
    )  # fmt: skip
    assert (report["imported"], report["rejected"]) == (2, 6)
    assert told == [
        ("2019-06-01T12:11:00+00:00", "['Trip 1']", "True"),
        ("2019-06-02T12:11:00+00:00", "['Trip 2']", "False"),
    ]


def test_a_killed_import_of_a_zip_goes_on_where_it_stood(
    storage: Storage, source: Path, tmp_path: Path
) -> None:
    fill(tmp_path / "pictures", 60, side=1200)
    files = {path.name: path.read_bytes() for path in (tmp_path / "pictures").iterdir()}
    path = write_zip(source / "takeout-20240101T000000Z-001.zip", files)
    process = storage.start("import", "--json", path)
    until(lambda: (storage.archive / "originals").is_dir() and storage.originals())
    process.send_signal(signal.SIGKILL)
    process.communicate()

    report = storage.call("import", "--json", path).json

    assert report["failed"] == 0
    assert len(storage.originals()) == 60
