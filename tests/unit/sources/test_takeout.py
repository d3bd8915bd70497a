"""What the JSONs of a Google Takeout tell of the pictures beside them."""

import json
from collections.abc import Mapping

import pytest

from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.sources.takeout import takeout_notes
from trees import MemoryTree

YEAR, ALBUM = b"Google Photos/Photos from 2019", b"Google Photos/Summer"


def note(**said: object) -> bytes:
    """Make a picture's JSON."""
    return json.dumps({"title": "x.jpg", "photoTakenTime": {"timestamp": "1"}, **said}).encode()


def told(name: str, files: Mapping[str, bytes], folder: bytes = YEAR) -> Told:
    """Give what is told of a picture among some files."""
    tree = MemoryTree({(folder, key.encode()): data for key, data in files.items()})
    return takeout_notes(tree)(folder, name.encode())


FAVOURITE = note(favorited=True)


@pytest.mark.parametrize(
    ("name", "json_name"),
    [
        ("x.jpg", "x.jpg.json"),
        ("x.jpg", "x.jpg.supplemental-metadata.json"),
        ("x.jpg", "x.jpg.supplemental-me.json"),
        ("x(1).jpg", "x.jpg(1).json"),
        ("x(1).jpg", "x.jpg.supplemental-metadata(1).json"),
        ("x-edited.jpg", "x.jpg.json"),
        ("x-bearbeitet.jpg", "x.jpg.json"),
        ("x-modifié.jpg", "x.jpg.supplemental-metadata.json"),
        ("x-editado(1).jpg", "x.jpg(1).json"),
        ("IMG_1.MP4", "IMG_1.HEIC.supplemental-metadata.json"),
        ("IMG_1(1).MP4", "IMG_1.HEIC.supplemental-metadata(1).json"),
        ("X.JPG", "x.jpg.json"),
        ("a" * 40 + ".jpg", "a" * 40 + ".jpg.s.json"),
        ("a" * 41 + ".heic", "a" * 41 + ".heic.json"),
        ("a" * 44 + ".jpg", "a" * 44 + ".j.json"),
        ("a" * 44 + "(2).jpg", "a" * 44 + ".j(2).json"),
        ("a" * 47 + ".jpg", "a" * 46 + ".json"),
        ("original_1d4caa6f-16c6-4c3d-901b-9387de10e528_P.jpg",
         "original_1d4caa6f-16c6-4c3d-901b-9387de10e528_.json"),
    ],
)  # fmt: skip
def test_a_json_speaks_of_its_picture(name: str, json_name: str) -> None:
    assert told(name, {json_name: FAVOURITE}).favourite


@pytest.mark.parametrize(
    ("name", "json_name"),
    [
        ("x(1).jpg", "x.jpg.json"),
        ("x.jpg", "x.jpg(1).json"),
        ("y.jpg", "x.jpg.json"),
        ("a" * 45 + "b.jpg", "a" * 46 + ".json"),
    ],
)
def test_a_json_speaks_of_no_other_picture(name: str, json_name: str) -> None:
    assert told(name, {json_name: FAVOURITE}) == NOTHING


def test_of_two_pictures_each_has_its_own_json() -> None:
    files = {"x.jpg.json": note(), "x.png.json": FAVOURITE}

    assert (told("x.jpg", files).favourite, told("x.png", files).favourite) == (None, True)


def test_archived_is_hidden_and_trashed_is_deleted() -> None:
    said = told("x.jpg", {"x.jpg.json": note(archived=True, trashed=True)})

    assert (said.hidden, said.deleted) == (True, True)


def test_people_are_told_by_name_once() -> None:
    people = [{"name": "Anna"}, {"name": " Anna "}, {"name": ""}, {"name": 5}, "Bert"]

    assert told("x.jpg", {"x.jpg.json": note(people=people)}).people == ("Anna",)


@pytest.mark.parametrize(
    "name", ["metadata.json", "Metadaten.json", "métadonnées.json", "メタデータ.json"]
)
def test_an_albums_json_is_known_in_any_language(name: str) -> None:
    files = {name: b'{"title": "Summer in Rome", "date": {"timestamp": "1"}}'}

    assert told("x.jpg", files, ALBUM).albums == ("Summer in Rome",)


def test_an_albums_json_of_old_exports_is_understood() -> None:
    files = {"metadata.json": b'{"albumData": {"title": "Summer"}}'}

    assert told("x.jpg", files, ALBUM).albums == ("Summer",)


@pytest.mark.parametrize(
    "title", ["Photos from 2019", "Fotos von 2019", "Photos de 2019", "2019-05-01", "2019-05-01 #2"]
)
def test_googles_own_folders_are_no_albums(title: str) -> None:
    files = {"metadata.json": json.dumps({"title": title}).encode()}

    assert told("x.jpg", files) == NOTHING


@pytest.mark.parametrize("title", ["Photos", "Fotos Hochzeit 2019", "Rome 2019"])
def test_a_persons_albums_are(title: str) -> None:
    files = {"metadata.json": json.dumps({"title": title}).encode()}

    assert told("x.jpg", files).albums == (title,)


def test_a_pictures_json_makes_no_album() -> None:
    assert told("y.jpg", {"mxx.json": FAVOURITE}) == NOTHING


@pytest.mark.parametrize(
    "broken",
    [
        *(b"", b"[]", b"{", b"\xff\xfe", b"null", b'{"people": {}}', b"[" * 100_000),
        *(b'{"people": 1, "favorited": "yes"}', b'{"title": 5}', b'{"a": ' + b"9" * 10_000 + b"}"),
    ],
)
def test_a_broken_json_tells_nothing(broken: bytes) -> None:
    said = told("x.jpg", {"x.jpg.json": broken, "metadata.json": broken})

    assert (said.people, said.favourite, said.albums) == ((), None, ())


def test_a_json_that_is_too_large_is_not_read() -> None:
    assert told("x.jpg", {"x.jpg.json": note(favorited=True, title="x" * (2 << 20))}) == NOTHING
