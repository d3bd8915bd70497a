"""What companions add to an original, and who is trusted more."""

import random
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.enrich import ENRICHED, enrich
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.original import Original

OWN = Original(
    digest=Digest("a" * 64),
    sha1="",
    md5="",
    size=1,
    media_type="image/jpeg",
    path="originals/2024/03/15/a.jpg",
    sidecar_sha256="",
    original_name=b"a.jpg",
    ingested_at="2024-04-01T00:00:00Z",
    asset=Digest("a" * 64),
    role="primary",
    taken_at="2024-03-15T10:11:12",
    taken_from="exif_original",
)


def companion(role: str, letter: str = "b", **said: object) -> Original:
    known = {"taken_at": "2020-01-01T00:00:00+00:00", "taken_from": "mtime"} | said
    return replace(OWN, digest=Digest(letter * 64), role=role, **known)  # type: ignore[arg-type]  # a row of any fields


@pytest.mark.parametrize("field", ["rating", "title", "caption"])
def test_a_sidecar_describes_better_than_the_picture_itself(field: str) -> None:
    own = replace(OWN, rating=1, title="old", caption="old")
    sidecar = companion("sidecar", rating=5, title="new", caption="new")
    found = enrich(own, [sidecar])
    assert getattr(found, field) == getattr(sidecar, field)
    assert f"{field}: from sidecar" in found.notes


def test_takeout_describes_only_what_nobody_else_does() -> None:
    takeout = companion("takeout", caption="from Google", rating=3)
    assert enrich(replace(OWN, caption="mine"), [takeout]).caption == "mine"
    assert enrich(OWN, [takeout]).caption == "from Google"


def test_a_rating_of_nought_in_a_sidecar_counts() -> None:
    assert enrich(replace(OWN, rating=4), [companion("sidecar", rating=0)]).rating == 0


@pytest.mark.parametrize("field", ["keywords", "tags"])
def test_keywords_add_up_with_the_sidecars_first(field: str) -> None:
    own = replace(OWN, keywords=("b", "c"), tags=("b", "c"))
    sidecar = companion("sidecar", keywords=("a", "b"), tags=("a", "b"))
    assert getattr(enrich(own, [sidecar]), field) == ("a", "b", "c")


def test_keywords_of_takeout_fill_only_what_is_empty() -> None:
    takeout = companion("takeout", tags=("x",))
    assert enrich(replace(OWN, tags=("a",)), [takeout]).tags == ("a",)
    assert enrich(OWN, [takeout]).tags == ("x",)


def test_the_camera_knows_itself_best() -> None:
    own = replace(OWN, make="Apple", model="iPhone 15")
    sidecar = companion("sidecar", make="Screenshot", model="none", lens="a lens")
    found = enrich(own, [sidecar])
    assert (found.make, found.model, found.lens) == ("Apple", "iPhone 15", "a lens")


def test_the_cameras_own_xml_goes_before_a_sidecar() -> None:
    xml = companion("camera_metadata", "c", make="Sony", model="ILCE-7M4")
    sidecar = companion("sidecar", make="Somebody", model="Something")
    assert enrich(OWN, [sidecar, xml]).model == "ILCE-7M4"


def test_a_position_is_taken_whole_or_not_at_all() -> None:
    own = replace(OWN, latitude=1.0, longitude=2.0)
    takeout = companion("takeout", latitude=3.0, longitude=4.0, altitude=5.0)
    assert enrich(own, [takeout]).altitude is None
    found = enrich(OWN, [takeout])
    assert (found.latitude, found.longitude, found.altitude) == (3.0, 4.0, 5.0)
    assert found.notes == ("latitude: from takeout",)


TOLD = {
    "taken_at": "2023-10-06T06:38:51+00:00",
    "taken_at_utc": "2023-10-06T06:38:51Z",
    "offset": "+00:00",
}


@pytest.mark.parametrize("weak", ["name", "mtime"])
@pytest.mark.parametrize("role", ["sidecar", "takeout"])
def test_a_companions_time_beats_name_and_mtime(weak: str, role: str) -> None:
    found = enrich(replace(OWN, taken_from=weak), [companion(role, taken_from=role, **TOLD)])
    assert (found.taken_from, found.taken_at) == (role, TOLD["taken_at"])
    assert found.taken_at_utc == TOLD["taken_at_utc"]
    assert found.notes == (f"taken_at: from {role}",)


@pytest.mark.parametrize("strong", ["exif_original", "xmp", "iptc", "quicktime_utc", "gps"])
def test_a_companions_time_yields_to_what_the_file_says(strong: str) -> None:
    own = replace(OWN, taken_from=strong)
    assert enrich(own, [companion("sidecar", taken_from="sidecar", **TOLD)]) == own


def test_a_sidecars_time_goes_before_takeouts() -> None:
    own = replace(OWN, taken_from="mtime")
    sidecar = companion("sidecar", taken_from="sidecar", taken_at="2024-01-01T00:00:00")
    takeout = companion("takeout", "c", taken_from="takeout", **TOLD)
    assert enrich(own, [takeout, sidecar]).taken_at == "2024-01-01T00:00:00"


def test_the_modification_time_of_a_companion_is_nobodys_capture_time() -> None:
    own = replace(OWN, taken_from="mtime")
    assert enrich(own, [companion("sidecar")]) == own


def test_other_companions_say_nothing() -> None:
    assert (
        enrich(OWN, [companion("adjustments", rating=5), companion("thumbnail", make="x")]) == OWN
    )


def test_a_companion_that_says_the_same_leaves_no_note() -> None:
    own = replace(OWN, rating=5, keywords=("a",))
    assert enrich(own, [companion("sidecar", rating=5, keywords=("a",))]) == own


def test_every_row_of_the_table_names_attributes_of_an_original() -> None:
    known = {each.name for each in fields(Original)}
    named = [attribute for row in ENRICHED for attribute in row.attributes]
    assert set(named) <= known
    assert len(named) == len(set(named))


companions = st.lists(
    st.builds(
        companion,
        role=st.sampled_from(["sidecar", "takeout", "camera_metadata", "adjustments"]),
        letter=st.sampled_from("bcdef"),
        rating=st.sampled_from([None, 0, 5]),
        title=st.sampled_from([None, "x", "y"]),
        tags=st.sampled_from([(), ("a",), ("b", "a")]),
        make=st.sampled_from([None, "m"]),
        latitude=st.sampled_from([None, 1.0]),
        taken_from=st.sampled_from(["sidecar", "takeout", "mtime"]),
        taken_at=st.sampled_from(["2024-01-01T00:00:00", "2024-01-02T00:00:00"]),
    ),
    max_size=4,
    unique_by=lambda each: each.digest,
)
originals = st.builds(
    lambda **said: replace(OWN, **said),
    rating=st.sampled_from([None, 3]),
    tags=st.sampled_from([(), ("c",)]),
    latitude=st.sampled_from([None, 2.0]),
    taken_from=st.sampled_from(["exif_original", "name", "mtime"]),
)


@given(own=originals, said=companions, seed=st.randoms())
def test_the_order_of_companions_does_not_matter(
    own: Original, said: list[Original], seed: random.Random
) -> None:
    mixed = list(said)
    seed.shuffle(mixed)
    assert enrich(own, mixed) == enrich(own, said)


@given(own=originals, said=companions)
def test_enriching_twice_adds_nothing(own: Original, said: list[Original]) -> None:
    once = enrich(own, said)
    assert enrich(once, said) == once
