"""Events in the catalog: as the ledger has them, and never changed."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.model.run import Batch
from samples import CAMERA, batch_of, digest_of, lines_of, publication_of, sighting_of


def book(catalog: SqlCatalog, batch: Batch, first_line: int = 1) -> None:
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch, first_line))


def events_of(catalog: SqlCatalog) -> list[tuple[object, ...]]:
    query = "SELECT writer, seq, outcome, digest, batch FROM events ORDER BY seq"
    with catalog.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_events_are_booked_as_the_ledger_has_them(catalog: SqlCatalog) -> None:
    batch = batch_of("a", [publication_of(1)], [sighting_of(1, b"copy.jpg")])

    book(catalog, batch, 41)

    assert events_of(catalog) == [
        ("host-1", 41, "archived", digest_of(1), "a"),
        ("host-1", 42, "duplicate", digest_of(1), "a"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE events SET outcome = 'deleted'",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = 1",
        (
            "INSERT INTO events (writer, seq, type, time, outcome, batch) VALUES "
            "('host-1', 1, 'ingestion', '', '', '') "
            "ON CONFLICT (writer, seq) DO UPDATE SET outcome = 'changed'"
        ),
    ],
)
def test_the_database_itself_refuses_to_change_events(catalog: SqlCatalog, change: str) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    before = events_of(catalog)

    with pytest.raises(DBAPIError, match="append-only"), catalog.engine.begin() as connection:
        connection.exec_driver_sql(change)

    assert events_of(catalog) == before


def test_events_cannot_be_replaced_on_sqlite_either(tmp_path: Path) -> None:
    catalog = SqlCatalog.open(f"sqlite:///{tmp_path}/catalog.db")
    catalog.add_source(CAMERA)
    book(catalog, batch_of("a", [publication_of(1)]))
    replacing = (
        "INSERT OR REPLACE INTO events (writer, seq, type, time, outcome, batch) "
        "VALUES ('host-1', 1, '', '', '', '')"
    )

    with pytest.raises(DBAPIError, match="append-only"), catalog.engine.begin() as connection:
        connection.exec_driver_sql(replacing)

    catalog.close()


@pytest.mark.postgres
def test_events_cannot_be_truncated_on_postgresql_either(postgres_url: str) -> None:
    catalog = SqlCatalog.open(postgres_url)

    with pytest.raises(DBAPIError, match="append-only"), catalog.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE events")

    catalog.close()
