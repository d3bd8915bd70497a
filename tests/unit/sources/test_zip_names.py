"""A member's name becomes a harmless relative path, or the catalog's; never a way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.sources.zip_names import export_of, harmless


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"Takeout/x.jpg", (b"Takeout", b"x.jpg")),
        (b"x.jpg", (b"", b"x.jpg")),
        (b"/etc/passwd", (b"etc", b"passwd")),
        (b"../../etc/passwd", (b"_/_/etc", b"passwd")),
        (b"..\\..\\x.jpg", (b"_/_", b"x.jpg")),
        (b"C:\\Users\\x.jpg", (b"C_/Users", b"x.jpg")),
        (b"a//./b/x.jpg", (b"a/b", b"x.jpg")),
        (b"a/x\0.jpg", (b"a", b"x_.jpg")),
        (b"a/..", (b"a", b"_")),
        (b"", (b"", b"_")),
        (b"a/b\\c.jpg", (b"a", b"b\\c.jpg")),
    ],
)
def test_a_hostile_name_is_made_harmless(name: bytes, path: tuple[bytes, bytes]) -> None:
    assert harmless(name) == path


@given(st.binary(max_size=3000))
def test_no_name_leads_out_of_its_folder(name: bytes) -> None:
    folder, last = harmless(name)
    parts = [*folder.split(b"/"), last] if folder else [last]

    assert b"/" not in last
    assert all(part not in (b"", b".", b"..") and b"\0" not in part for part in parts)
    assert len(folder) + len(last) <= 1300
    assert all(len(part) <= 255 for part in parts)


@pytest.mark.parametrize(
    ("zip_name", "folder"),
    [
        (b"takeout-20240101T000000Z-001.zip", b"takeout-20240101T000000Z.zip"),
        (b"takeout-20240101T000000Z-002.zip", b"takeout-20240101T000000Z.zip"),
        (b"takeout-20240101T000000Z-3-001.zip", b"takeout-20240101T000000Z.zip"),
        (b"takeout-20250101T000000Z-001.zip", b"takeout-20250101T000000Z.zip"),
        (b"iCloud Photos Part 1 of 3.zip", b"iCloud Photos Part 1 of 3.zip"),
        (b"holiday-001.ZIP", b"holiday-001.zip"),
    ],
)
def test_the_parts_of_one_google_export_are_one_tree(zip_name: bytes, folder: bytes) -> None:
    assert export_of(zip_name) == folder
