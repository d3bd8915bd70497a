"""A catalog of the version before is brought up to date with all that is in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

import picture_pipeline.catalog.migrations
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import open_engine, writing
from picture_pipeline.catalog.showing import show
from picture_pipeline.model.told import NOTHING
from samples import FIRST, digest_of

BEFORE = "0002"
FILL = """
INSERT INTO sources (id, name, path, kind, policy) VALUES (1, 'camera', :raw, 'folder', 'keep');
INSERT INTO folders (id, source_id, key, path, scanned_at) VALUES (1, 1, :raw, :raw, :time);
INSERT INTO assets (id, kind) VALUES (:digest, 'photo');
INSERT INTO originals (id, digest, sha1, md5, size, media_type, path, sidecar_sha256,
    original_name, ingested_at, asset, role, taken_at, taken_from, taken_sort, incomplete)
    VALUES (1, :digest, 's', 'm', 1, 'image/jpeg', 'p', 'x', :raw, :time, :digest, 'primary',
    :time, 'name', :time, :no);
INSERT INTO keywords (original_id, kind, position, word) VALUES (1, 'keyword', 0, 'sea');
INSERT INTO sightings (folder_id, name, original_id, current, size, mtime_ns, ctime_ns, inode,
    first_seen) VALUES (1, :raw, 1, :yes, 1, 1, 1, 1, :time)
"""


def make_old(engine: Engine) -> None:
    settings = Config()
    folder = Path(picture_pipeline.catalog.migrations.__file__).parent
    settings.set_main_option("script_location", str(folder))
    with writing(engine) as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, BEFORE)
        values = {"digest": digest_of(1), "raw": b"x", "time": FIRST, "no": False, "yes": True}
        for statement in FILL.split(";"):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)


@pytest.fixture
def upgraded(catalog_url: str) -> Iterator[SqlCatalog]:
    """A catalog that was filled by the version before, opened by this one."""
    engine = open_engine(catalog_url)
    make_old(engine)
    engine.dispose()
    catalog = SqlCatalog.open(catalog_url)
    yield catalog
    catalog.close()


def test_originals_stay_as_they_were(upgraded: SqlCatalog) -> None:
    found = show(upgraded.engine, digest_of(1))

    assert (found.original.keywords, found.original.albums) == (("sea",), ())
    assert (found.original.favourite, found.original.hidden, found.original.stack) == (None,) * 3
    assert [sighting.path for sighting in found.sightings] == [b"x/x"]


def test_no_source_has_told_anything(upgraded: SqlCatalog) -> None:
    with upgraded.publishing() as books:
        (member,) = books.neighbourhood((), (), (), {digest_of(1)}).members

    assert [place.told for place in member.places] == [NOTHING]


def test_the_views_show_what_was_there(upgraded: SqlCatalog) -> None:
    with upgraded.engine.connect() as connection:
        row = connection.execute(text("SELECT digest, favourite, stack FROM v_originals")).one()
        words = connection.execute(text("SELECT * FROM v_keywords")).all()

    assert tuple(row) == (digest_of(1), None, None)
    assert [tuple(word) for word in words] == [(digest_of(1), "keyword", 0, "sea")]


@pytest.mark.postgres
def test_readers_may_read_on(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    make_old(engine)
    with engine.begin() as connection:
        connection.execute(text("GRANT SELECT ON v_originals TO PUBLIC"))
    SqlCatalog.open(postgres_url).close()
    query = "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
    with engine.connect() as connection:
        granted = connection.execute(text(f"{query} AND table_name = 'v_originals'")).scalar()
    engine.dispose()

    assert granted == 1
