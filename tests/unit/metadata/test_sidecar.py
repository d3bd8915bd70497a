"""The sidecar's form and escaping."""

import base64
import re
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.companions.reading import read_companion
from picture_pipeline.metadata.formats import XMP
from picture_pipeline.metadata.merge import merge
from picture_pipeline.metadata.sidecar import NAMESPACES, render_sidecar
from picture_pipeline.model.candidate import SourceName, printable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.metadata import Capture, Gps, Metadata, TakenFrom
from picture_pipeline.model.sidecar import SidecarContent
from picture_pipeline.workflows.contents import in_memory

EAST = timezone(timedelta(hours=2))
TAKEN = Capture(datetime(2024, 3, 15, 10, 11, 12, 705000, EAST), TakenFrom.EXIF_ORIGINAL, "705")
RDF = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}


def content(
    metadata: Metadata = Metadata(TAKEN),  # noqa: B008 - a frozen value
    name: bytes = b"IMG_1234.HEIC",
    path: bytes = b"DCIM/IMG_1234.HEIC",
) -> SidecarContent:
    return SidecarContent(
        digest=Digest("a" * 64),
        metadata=metadata,
        original_name=name,
        source=SourceName("icloud"),
        path=path,
        ingested_at="2024-03-16T00:00:00Z",
    )


def read(sidecar: bytes) -> dict[str, list[str]]:
    """Give every property as prefixed name -> its texts; fails when it is not XML."""
    root = ET.fromstring(sidecar)  # noqa: S314 - our own bytes
    (description,) = root.findall(".//rdf:Description", RDF)
    prefixes = {uri: prefix for prefix, uri in NAMESPACES.items()}
    found = {}
    for element in description:
        namespace, _, name = element.tag.removeprefix("{").partition("}")
        items = element.findall(".//rdf:li", RDF)
        found[f"{prefixes[namespace]}:{name}"] = [item.text or "" for item in (items or [element])]
    return found


def written(metadata: Metadata) -> dict[str, list[str]]:
    return read(render_sidecar(content(metadata)))


def test_all_three_dates_are_equal_with_offset_and_subsecond() -> None:
    found = written(Metadata(TAKEN))
    dates = [found[n] for n in ("photoshop:DateCreated", "exif:DateTimeOriginal", "xmp:CreateDate")]
    assert dates == [["2024-03-15T10:11:12.705+02:00"]] * 3


def test_a_date_that_only_the_file_system_told_is_not_written() -> None:
    found = written(Metadata(Capture(datetime(2024, 3, 15, tzinfo=UTC), TakenFrom.MTIME)))
    assert not [name for name in found if "Date" in name]
    assert found["pp:takenFrom"] == ["mtime"]


def test_a_local_date_is_written_without_offset() -> None:
    local = Capture(datetime(2024, 3, 15, 10, 11, 12), TakenFrom.NAME)  # noqa: DTZ001 - local
    assert written(Metadata(local))["xmp:CreateDate"] == ["2024-03-15T10:11:12"]


def test_empty_fields_are_left_out() -> None:
    assert set(written(Metadata(TAKEN))) == {
        "photoshop:DateCreated",
        "exif:DateTimeOriginal",
        "xmp:CreateDate",
        "xmpMM:PreservedFileName",
        "pp:path",
        "pp:sha256",
        "pp:asset",
        "pp:source",
        "pp:ingestedAt",
        "pp:revision",
        "pp:takenFrom",
    }


def test_orientation_and_dimensions_are_never_written() -> None:
    sidecar = render_sidecar(content(Metadata(TAKEN, orientation=6, width=4032, height=3024)))
    assert not re.search(rb"Orientation|Dimension|ImageWidth|4032", sidecar)


def test_keywords_stand_in_all_five_properties() -> None:
    found = written(Metadata(TAKEN, keywords=("a", "Rome"), tags=("Places/Rome",)))
    assert found["dc:subject"] == ["a", "Rome"]
    assert found["pdf:Keywords"] == ["a, Rome"]
    assert found["digiKam:TagsList"] == ["Places/Rome", "a"]
    assert found["lr:hierarchicalSubject"] == ["Places|Rome", "a"]


def test_keywords_are_an_ordered_sequence() -> None:
    sidecar = render_sidecar(content(Metadata(TAKEN, keywords=("a",))))
    assert b"<dc:subject><rdf:Seq><rdf:li>a</rdf:li></rdf:Seq></dc:subject>" in sidecar


def test_a_caption_stands_in_both_properties() -> None:
    found = written(Metadata(TAKEN, title="T", caption="C"))
    assert (found["dc:title"], found["dc:description"]) == (["T"], ["C"])
    assert found["tiff:ImageDescription"] == ["C"]


def test_a_position_is_written_in_xmps_form() -> None:
    time = datetime(2024, 3, 15, 8, 11, 12, tzinfo=UTC)
    found = written(Metadata(TAKEN, gps=Gps(41.9, -12.5, -3.25, 4.7, time)))
    assert found["exif:GPSLatitude"] == ["41,54.0N"]
    assert found["exif:GPSLongitude"] == ["12,30.0W"]
    assert (found["exif:GPSAltitude"], found["exif:GPSAltitudeRef"]) == (["3250/1000"], ["1"])
    assert found["exif:GPSHPositioningError"] == ["4700/1000"]
    assert found["exif:GPSTimeStamp"] == ["2024-03-15T08:11:12Z"]


def test_a_plain_name_needs_no_base64() -> None:
    found = read(render_sidecar(content(name="Café \u202ename.jpg".encode())))
    assert found["xmpMM:PreservedFileName"] == ["Café \u202ename.jpg"]
    assert "pp:originalNameB64" not in found


@pytest.mark.parametrize("name", [b"\xff\xfe.jpg", b"a\nb.jpg", b"\x01.jpg", b" a.jpg", b"a\t"])
def test_a_name_that_xml_would_harm_comes_as_base64_too(name: bytes) -> None:
    found = read(render_sidecar(content(name=name)))
    assert base64.b64decode(found["pp:originalNameB64"][0]) == name


@given(st.binary(min_size=1, max_size=255), st.binary(min_size=1, max_size=400))
def test_every_name_and_path_can_be_got_back(name: bytes, path: bytes) -> None:
    found = read(render_sidecar(content(name=name, path=path)))
    for plain, encoded, raw in (
        ("xmpMM:PreservedFileName", "pp:originalNameB64", name),
        ("pp:path", "pp:pathB64", path),
    ):
        if encoded in found:
            assert base64.b64decode(found[encoded][0]) == raw
        else:
            assert found[plain] == [printable(raw)]
            assert found[plain][0].encode() == raw


@given(st.text(max_size=100), st.lists(st.text(max_size=20), max_size=5))
def test_every_text_gives_well_formed_xml(text: str, keywords: list[str]) -> None:
    metadata = Metadata(TAKEN, make=text, title=text, caption=text, keywords=tuple(keywords))
    assert "pp:sha256" in read(render_sidecar(content(metadata)))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=60))
def test_markup_in_a_title_stays_text(title: str) -> None:
    safe = title.replace("\ufffe", "").replace("\uffff", "") or "x"
    assert written(Metadata(TAKEN, title=f"<{safe}&]]>"))["dc:title"] == [f"<{safe}&]]>"]


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render_sidecar(content()) == render_sidecar(content())


SOCIAL = Metadata(
    TAKEN, favourite=True, hidden=False, albums=("Sea", "A & B"), people=("Anna",), stack="s-1"
)


def test_what_sources_tell_is_written() -> None:
    found = written(SOCIAL)
    assert found["pp:albums"] == ["Sea", "A & B"]
    assert found["pp:people"] == found["Iptc4xmpExt:PersonInImage"] == ["Anna"]
    assert (found["pp:favourite"], found["pp:hidden"]) == (["True"], ["False"])
    assert found["pp:stack"] == ["s-1"]


def test_only_a_favourite_has_the_one_attribute() -> None:
    attribute = "{http://www.fstopapp.com/xmp/}favorite"
    for favourite, value in ((True, "1"), (False, None), (None, None)):
        root = ET.fromstring(render_sidecar(content(Metadata(TAKEN, favourite=favourite))))  # noqa: S314 - our own bytes
        (description,) = root.findall(".//rdf:Description", RDF)
        assert description.get(attribute) == value


def test_a_sidecar_of_ours_reads_back_as_a_companion() -> None:
    evidence = read_companion(in_memory(render_sidecar(content(SOCIAL))), XMP)
    found = merge(evidence, None, lambda: TAKEN)
    assert (found.favourite, found.hidden, found.stack) == (True, False, "s-1")
    assert (found.albums, found.people) == (SOCIAL.albums, SOCIAL.people)
