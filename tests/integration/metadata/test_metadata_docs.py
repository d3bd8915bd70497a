"""The reference pages list what the code does, and nothing else."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from picture_pipeline.metadata.capture_times import CAPTURE, OTHER_OFFSETS
from picture_pipeline.metadata.enrich import ENRICHED, Enriched
from picture_pipeline.metadata.field import Field
from picture_pipeline.metadata.fields import FIELDS
from picture_pipeline.metadata.formats import JPEG, SUPPORTED
from picture_pipeline.metadata.quick import quick_metadata
from picture_pipeline.metadata.recognition.recognise import KNOWN_NAMES
from picture_pipeline.metadata.sidecar import PP, render_sidecar
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Checksums, Digest
from picture_pipeline.model.metadata import (
    Capture,
    Exposure,
    Gps,
    Metadata,
    OffsetFrom,
    Recording,
    TakenFrom,
)
from picture_pipeline.model.sidecar import SidecarContent

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
NOON = datetime(2024, 3, 15, 12, tzinfo=UTC)
FULL = Metadata(
    capture=Capture(NOON, TakenFrom.EXIF_ORIGINAL, "00", OffsetFrom.TAG),
    make="a",
    model="b",
    software="c",
    lens="d",
    exposure=Exposure(0.1, 2, 100, 4, 28),
    orientation=6,
    width=4,
    height=3,
    gps=Gps(1, 2, 3, 4, NOON),
    rating=5,
    keywords=("k",),
    tags=("a/b",),
    title="t",
    caption="u",
    content_identifier="i",
    burst="j",
    duration=1.5,
    recording=Recording("hevc", 29.97, "aac"),
    motion_photo=True,
    favourite=True,
    hidden=False,
    albums=("l",),
    people=("p",),
    stack="s",
)


def page(name: str) -> str:
    return (REFERENCE / f"{name}.md").read_text(encoding="utf-8")


def in_backticks(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def table_rows(text: str) -> list[list[str]]:
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def test_every_type_that_can_be_recognised_is_listed_and_no_other() -> None:
    types = re.compile(r"(?:image|video|audio|application)/[\w.+-]+")
    listed = {name for name in in_backticks(page("recognised-types")) if types.fullmatch(name)}
    assert listed == KNOWN_NAMES


def test_every_extension_of_the_archive_is_listed() -> None:
    listed = {row[0].strip("`"): row[1].strip("`") for row in table_rows(page("recognised-types"))}
    assert {listed[kind.name] for kind in SUPPORTED} == {kind.extension for kind in SUPPORTED}


def test_the_quick_metadata_has_the_listed_keys() -> None:
    checksums = Checksums(Digest("a" * 64), "b", "c")
    found = json.loads(quick_metadata(checksums, 1, JPEG, FULL, b"\xff"))
    rows = {row[0].strip("`"): row[2] for row in table_rows(page("quick-metadata"))}
    assert set(found) == set(rows)
    for nested in ("gps", "exposure", "video"):
        assert set(found[nested]) == in_backticks(rows[nested])


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_is_listed_with_its_origins_and_properties(field: Field) -> None:
    rows = {line[0].strip("`"): line for line in table_rows(page("metadata-fields"))}
    _, origins, properties = rows[field.name]
    expected = [key for origin in field.origins for key in origin.keys]
    assert re.findall(r"`([^`]+)`", origins) == expected
    assert in_backticks(properties) == {prop.name for prop in field.properties}


def test_every_place_of_the_capture_time_is_listed_in_order() -> None:
    text = page("metadata-fields")
    listed = re.findall(r"^\| `(\w+)` \| `([^`]+)`", text, re.MULTILINE)
    expected = [(row.taken_from.value, row.origin.keys[0]) for row in CAPTURE]
    assert listed[: len(expected)] == expected
    assert {key for origin in OTHER_OFFSETS for key in origin.keys} <= in_backticks(text)


@pytest.mark.parametrize("row", ENRICHED, ids=lambda row: row.name)
def test_the_order_of_trust_in_companions_is_listed(row: Enriched) -> None:
    start = f"| {', '.join(row.attributes)} | {', '.join(row.trust)} |"
    listed = [line for line in page("metadata-fields").splitlines() if line.startswith(start)]
    assert len(listed) == 1
    assert ("added up" in listed[0]) == row.joined


def test_every_way_to_tell_an_offset_is_listed() -> None:
    assert {each.value for each in OffsetFrom} <= in_backticks(page("metadata-fields"))


def test_every_property_of_our_own_is_listed() -> None:
    content = SidecarContent(
        Digest("a" * 64), FULL, b"\xff", SourceName("s"), b"\xff", "2024-03-15T12:00:00Z"
    )
    written = set(re.findall(r"<(pp:\w+)>", render_sidecar(content).decode()))
    text = page("metadata-fields")
    assert written == {name for name in in_backticks(text) if re.fullmatch(r"pp:\w+", name)}
    assert PP in text
