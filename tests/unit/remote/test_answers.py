"""Immich's answers: what is read, and what is passed over."""

import base64
import hashlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.model.server_asset import Visibility
from picture_pipeline.remote.answers import as_id, as_time, asset_of, named

IDENTITY = "6D4F9D57-0f0b-4b4a-9f29-1e4be9d1b6a1"
SHA1 = hashlib.sha1(b"bytes", usedforsecurity=False)
ANSWER: dict[str, Any] = {
    "id": IDENTITY,
    "ownerId": "anna",
    "libraryId": None,
    "originalFileName": "IMG_1.HEIC",
    "originalPath": "/data/upload/1.heic",
    "fileCreatedAt": "2024-03-15T10:11:12.345Z",
    "fileModifiedAt": "2024-03-15T12:11:12+02:00",
    "createdAt": "2024-04-01T00:00:00.000Z",
    "checksum": base64.b64encode(SHA1.digest()).decode(),
    "isFavorite": True,
    "visibility": "archive",
    "livePhotoVideoId": IDENTITY,
    "people": [{"name": "Anna"}, {"name": ""}, {"name": "Anna"}, {"name": "Ben "}],
    "exifInfo": {"fileSizeInByte": 5, "description": " Am Strand ", "rating": 4},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(ANSWER)), inner),
)


def test_an_asset_is_read_whole() -> None:
    asset = asset_of(ANSWER)

    assert asset is not None
    assert (asset.id, asset.live_film) == (IDENTITY.lower(), IDENTITY.lower())
    assert (asset.taken, asset.created) == ("2024-03-15T10:11:12.345Z", "2024-04-01T00:00:00.000Z")
    assert asset.modified_ns == 1_710_497_472_000_000_000
    assert (asset.size, asset.sha1) == (5, SHA1.hexdigest())
    assert (asset.visibility, asset.favourite, asset.trashed) == (Visibility.ARCHIVE, True, False)
    assert (asset.people, asset.caption, asset.rating) == (("Anna", "Ben"), "Am Strand", 4)


@pytest.mark.parametrize("library", [{"isExternal": True}, {"libraryId": IDENTITY}])
def test_the_checksum_of_an_external_asset_is_not_of_its_bytes(library: dict[str, object]) -> None:
    asset = asset_of({**ANSWER, **library})

    assert asset is not None
    assert asset.sha1 is None


@pytest.mark.parametrize("rating", [0, 6, -2, True, 4.5, "4", None])
def test_what_is_no_rating_is_none(rating: object) -> None:
    asset = asset_of({**ANSWER, "exifInfo": {"rating": rating}})

    assert asset is not None
    assert asset.rating is None


@pytest.mark.parametrize("latitude", [math.nan, math.inf, 91, "47", None])
def test_what_is_no_position_is_none(latitude: object) -> None:
    asset = asset_of({**ANSWER, "exifInfo": {"latitude": latitude, "longitude": 11.5}})

    assert asset is not None
    assert asset.position is None


def test_an_asset_that_was_not_looked_at_yet_has_no_size() -> None:
    asset = asset_of({key: value for key, value in ANSWER.items() if key != "exifInfo"})

    assert asset is not None
    assert (asset.size, asset.caption) == (None, None)


def test_an_old_server_says_archived_in_its_own_way() -> None:
    old = {key: value for key, value in ANSWER.items() if key != "visibility"}
    asset = asset_of({**old, "isArchived": True})

    assert asset is not None
    assert asset.visibility is Visibility.ARCHIVE


@pytest.mark.parametrize("wrong", [{"id": "../../etc"}, {"fileCreatedAt": "yesterday"}, {"id": 7}])
def test_what_cannot_be_an_asset_is_none(wrong: dict[str, object]) -> None:
    assert asset_of({**ANSWER, **wrong}) is None


def test_hostile_text_becomes_text_that_can_be_written() -> None:
    asset = asset_of({**ANSWER, **json.loads('{"originalFileName": "a\\ud800b"}')})

    assert asset is not None
    assert asset.name.encode() == b"a?b"


@given(JSON)
def test_no_answer_does_harm(answer: object) -> None:
    found = asset_of(answer)

    assert found is None or as_id(found.id) == found.id


@given(st.dictionaries(st.sampled_from(sorted(ANSWER)), JSON))
def test_no_field_does_harm(fields: dict[str, object]) -> None:
    asset = asset_of({**ANSWER, **fields, "id": IDENTITY, "fileCreatedAt": "2024-03-15T00:00:00Z"})

    assert asset is not None
    assert asset.taken == "2024-03-15T00:00:00.000Z"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00+01:00", None),
        ("2024-03-15", "2024-03-15T00:00:00.000Z"),
        ("+012024-03-15T00:00:00.000Z", "9999-12-31T23:59:59.999Z"),
        ("-000044-03-15T00:00:00.000Z", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_times_stay_in_order_as_text(text: str, time: str | None) -> None:
    assert as_time(text) == time


def test_names_without_an_id_are_passed_over() -> None:
    answers = [{"id": IDENTITY, "albumName": "Meer"}, {"albumName": "x"}, {"id": IDENTITY}, 7]

    assert named(answers, "albumName") == {IDENTITY.lower(): "Meer"}
