"""What whole looks at a source counted, on both databases."""

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.source_scan import SourceScan
from samples import CAMERA, FIRST, LATER

EVENING = "2024-05-01T22:00:00Z"


def test_the_last_scans_come_newest_first(catalog: SqlCatalog) -> None:
    catalog.add_source(CAMERA)
    catalog.note_source_scan(CAMERA.name, 10, 1000, FIRST)
    catalog.note_source_scan(CAMERA.name, 12, 1200, LATER)
    assert catalog.last_source_scans(CAMERA.name, 5) == (
        SourceScan(LATER, 12, 1200),
        SourceScan(FIRST, 10, 1000),
    )


def test_of_one_day_the_last_scan_is_kept(catalog: SqlCatalog) -> None:
    catalog.add_source(CAMERA)
    catalog.note_source_scan(CAMERA.name, 10, 1000, FIRST)
    catalog.note_source_scan(CAMERA.name, 11, 1 << 40, EVENING)
    assert catalog.last_source_scans(CAMERA.name, 5) == (SourceScan(EVENING, 11, 1 << 40),)


def test_no_more_are_given_than_asked_for(catalog: SqlCatalog) -> None:
    catalog.add_source(CAMERA)
    for time in (FIRST, LATER):
        catalog.note_source_scan(CAMERA.name, 1, 1, time)
    assert len(catalog.last_source_scans(CAMERA.name, 1)) == 1


def test_of_a_source_that_nobody_knows_nothing_is_booked(catalog: SqlCatalog) -> None:
    catalog.note_source_scan(SourceName("nobody"), 1, 1, FIRST)
    assert catalog.last_source_scans(SourceName("nobody"), 1) == ()
