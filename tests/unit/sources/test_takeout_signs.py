"""Exports are known by what only Google or Apple calls so."""

import pytest

from picture_pipeline.sources.glimpse import Glimpse
from picture_pipeline.sources.kinds import recognise


@pytest.mark.parametrize(
    ("glimpse", "kind"),
    [
        (Glimpse(b"x", (b"Takeout", b"Takeout/Google Photos")), "takeout"),
        (Glimpse(b"x", (b"Takeout", b"Takeout/Google Fotos")), "takeout"),
        (Glimpse(b"x", (), (b"takeout-20240101T000000Z-001.zip",)), "takeout"),
        (Glimpse(b"x", (), (b"takeout-20240101T000000Z-1-001.tgz",)), "takeout"),
        (Glimpse(b"x", (), (b"a/x.jpg", b"a/x.jpg.supplemental-metadata.json")), "takeout"),
        (Glimpse(b"x", (), (b"x.jpg", b"x.jpg.json")), "takeout"),
        (Glimpse(b"x", (b"Photos",), (b"Photos/Photo Details.csv",)), "icloud_takeout"),
        (Glimpse(b"x", (), (b"iCloud Photos Part 1 of 3.zip",)), "icloud_takeout"),
        (Glimpse(b"x", (b"iCloud Photos Part 1 of 3",)), "icloud_takeout"),
        (Glimpse(b"iCloud Photos", (b"Photos",), (b"Photos/x.jpg",)), "folder"),
        (Glimpse(b"x", (), (b"holiday.zip", b"x.jpg", b"x.json")), "folder"),
    ],
)
def test_an_export_is_recognised(glimpse: Glimpse, kind: str) -> None:
    assert recognise(glimpse).kind.name == kind
