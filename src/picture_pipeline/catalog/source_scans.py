"""What whole looks at a source counted: a row a day, the day's last."""

from sqlalchemy import Connection, select

from picture_pipeline.catalog.tables import source_scans, sources
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.source_scan import SourceScan


def note_source_scan(
    connection: Connection, source: SourceName, files: int, size: int, time: str
) -> None:
    """Book what a whole look at a source counted; of one that nobody knows nothing is booked."""
    found = connection.execute(select(sources.c.id).where(sources.c.name == source)).scalar()
    if found is None:
        return
    row = {"source_id": found, "day": time[:10], "time": time, "files": files, "bytes": size}
    insert_missing(connection, source_scans, [row], update=("time", "files", "bytes"))


def last_source_scans(
    connection: Connection, source: SourceName, most: int
) -> tuple[SourceScan, ...]:
    """Give the last scans of a source, the newest first, at most one a day."""
    rows = connection.execute(
        select(source_scans.c.time, source_scans.c.files, source_scans.c.bytes)
        .join(sources, sources.c.id == source_scans.c.source_id)
        .where(sources.c.name == source)
        .order_by(source_scans.c.day.desc())
        .limit(most)
    )
    return tuple(SourceScan(time, files, size) for time, files, size in rows)
