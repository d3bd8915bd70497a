"""The documented views: their columns, what they tell, and that readers can only read."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import inspect, text

from databases import database_of, shared_postgres
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.model.run import Batch
from samples import (
    CAMERA,
    FIRST,
    LATER,
    batch_of,
    digest_of,
    lines_of,
    listing_of,
    original_of,
    publication_of,
    sighting_of,
)

GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "catalog-sql.md").read_text()
VIEWS = ("v_originals", "v_assets", "v_members", "v_keywords", "v_sightings")
TABLES = ("originals", "sightings", "sources", "folders", "events", "refusals", "runs", "keywords")
STRANGE = b"\xff\xfe.jpg"


def documented(view: str) -> list[str]:
    section = GUIDE.split(f"### {view}\n", 1)[1].split("\n#", 1)[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def fenced(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def book(catalog: SqlCatalog, batch: Batch) -> None:
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch))


@pytest.fixture
def filled(catalog: SqlCatalog) -> SqlCatalog:
    """Hold one original, seen in the source's root and in a folder."""
    strange = sighting_of(1, STRANGE, folder=b"")
    first = replace(publication_of(1), original=original_of(1, latitude=47.5, title="Am Meer"))
    book(catalog, batch_of("a", [first], [strange]))
    catalog.note_scan(CAMERA.name, [listing_of(b"IMG_1.JPG")], {}, LATER)
    return catalog


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_the_columns_that_the_guide_tells(catalog: SqlCatalog, view: str) -> None:
    columns = [column["name"] for column in inspect(catalog.engine).get_columns(view)]

    assert columns == documented(view)


def test_the_guide_tells_of_every_view(catalog: SqlCatalog) -> None:
    assert sorted(inspect(catalog.engine).get_view_names()) == sorted(VIEWS)


def test_the_view_of_originals_tells_of_each(filled: SqlCatalog) -> None:
    with filled.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM v_originals")).mappings().one()

    assert (row["digest"], row["title"], row["latitude"]) == (digest_of(1), "Am Meer", 47.5)
    assert bytes(row["original_name"]) == b"IMG_1.JPG"


def test_the_view_of_assets_adds_up(filled: SqlCatalog) -> None:
    with filled.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM v_assets")).one()

    assert tuple(row) == (digest_of(1), "photo", 1, original_of(1).size, original_of(1).taken_at)


def test_the_view_of_sightings_gives_paths_as_they_are(filled: SqlCatalog) -> None:
    query = text("SELECT path, digest, source, current, first_seen, last_seen FROM v_sightings")
    with filled.engine.connect() as connection:
        rows = {bytes(row[0]): tuple(row)[1:] for row in connection.execute(query)}

    assert rows == {
        b"DCIM/IMG_1.JPG": (digest_of(1), "camera", True, FIRST, LATER),
        STRANGE: (digest_of(1), "camera", True, FIRST, FIRST),
    }


@pytest.fixture
def reader(postgres_url: str) -> Iterator[psycopg.Connection]:
    """Log in as the role that the guide's recipe makes."""
    catalog = SqlCatalog.open(postgres_url)
    catalog.add_source(CAMERA)
    book(catalog, batch_of("a", [publication_of(1, keywords=("sea",))]))
    catalog.close()
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(fenced("sql").encode())
    url = shared_postgres().url(database_of(postgres_url), "pictures_reader")
    try:
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            yield connection
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute("DROP OWNED BY pictures_reader")
            admin.execute("DROP ROLE pictures_reader")


@pytest.mark.postgres
@pytest.mark.parametrize("view", VIEWS)
def test_the_reading_role_reads_the_views(reader: psycopg.Connection, view: str) -> None:
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(view))

    assert reader.execute(query).fetchone() == (1,)


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_the_reading_role_cannot_read_the_tables(reader: psycopg.Connection, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE v_originals SET title = 'mine'",
        "DELETE FROM v_originals",
        "INSERT INTO events VALUES ('w', 1, 't', 't', 'o', NULL, 1, 'b')",
        "CREATE TABLE mine (a integer)",
        "DROP VIEW v_assets",
    ],
)
def test_the_reading_role_cannot_write(reader: psycopg.Connection, statement: str) -> None:
    reader.execute("SET default_transaction_read_only = off")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute(statement.encode())


def test_a_read_only_connection_to_sqlite_reads_and_cannot_write(tmp_path: Path) -> None:
    catalog = SqlCatalog.open(f"sqlite:///{tmp_path}/catalog.db")
    catalog.add_source(CAMERA)
    book(catalog, batch_of("a", [publication_of(1)]))
    assert "file:catalog.db?mode=ro" in fenced("python")
    address = f"file:{tmp_path}/catalog.db?mode=ro"

    with closing(sqlite3.connect(address, uri=True)) as connection:
        found = connection.execute("SELECT digest FROM v_originals").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("UPDATE originals SET title = 'mine'")

    assert found == [(digest_of(1),)]
    catalog.close()


def test_a_reader_does_not_wait_for_a_publisher(filled: SqlCatalog, catalog_url: str) -> None:
    other = SqlCatalog.open(catalog_url)
    with filled.publishing() as books:
        batch = batch_of("b", [publication_of(2)])
        books.record(batch, lines_of(batch, 9))
        with other.engine.connect() as connection:
            count = connection.execute(text("SELECT count(*) FROM v_originals")).scalar()
    other.close()

    assert count == 1
