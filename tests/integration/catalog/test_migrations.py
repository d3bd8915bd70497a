"""The tables are made, brought up to date, and refused when they are too new."""

import importlib
import multiprocessing
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

import picture_pipeline.catalog.migrations
from picture_pipeline.catalog import migrate
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import open_engine
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.catalog.tables import metadata
from picture_pipeline.errors import CatalogUnavailable, IntegrityError, UsageError

FORK = multiprocessing.get_context("fork")
PATIENCE = 120
STARTS = 6


def test_the_newest_migration_is_the_one_that_is_asked_for() -> None:
    folder = Path(picture_pipeline.catalog.migrations.__file__).parent

    assert ScriptDirectory(str(folder)).get_heads() == [migrate.HEAD]


def test_every_migration_is_shipped_as_a_module() -> None:
    versions = importlib.import_module("picture_pipeline.catalog.migrations.versions")

    names = [module.name for module in pkgutil.iter_modules(versions.__path__)]

    assert f"m{migrate.HEAD}" in {name[:5] for name in names}


def test_a_migrated_database_is_what_the_tables_say(catalog: SqlCatalog) -> None:
    with catalog.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, metadata) == []


@pytest.mark.postgres
def test_text_sorts_by_code_point_on_postgresql(postgres_url: str) -> None:
    catalog = SqlCatalog.open(postgres_url)
    query = text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "JOIN information_schema.tables USING (table_schema, table_name) "
        "WHERE table_schema = 'public' AND data_type = 'text' AND table_type = 'BASE TABLE' "
        "AND collation_name IS DISTINCT FROM 'C'"
    )
    with catalog.engine.connect() as connection:
        odd = connection.execute(query).all()
    catalog.close()

    assert odd == []


def test_what_is_up_to_date_costs_one_query(catalog: SqlCatalog) -> None:
    asked: list[str] = []
    catalog.engine.dispose()
    event.listen(catalog.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    migrate.upgrade(catalog.engine)

    assert [query for query in asked if query != "BEGIN"] == [
        "SELECT version_num FROM alembic_version"
    ]


def test_what_is_up_to_date_needs_no_alembic(catalog: SqlCatalog, catalog_url: str) -> None:
    catalog.close()
    code = (
        "import sys; from picture_pipeline.catalog.catalog import SqlCatalog; "
        "SqlCatalog.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        (sys.executable, "-c", code, catalog_url), check=True, capture_output=True, text=True
    )

    assert done.stdout == "False\n"


def test_a_catalog_of_a_newer_version_is_refused(catalog: SqlCatalog, catalog_url: str) -> None:
    with catalog.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UsageError, match=r"newer picture-pipeline .*; update the program"):
        SqlCatalog.open(catalog_url)

    with catalog.engine.connect() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
        )


def test_first_starts_at_once_all_succeed(catalog_url: str) -> None:
    gate = FORK.Barrier(STARTS)

    def start() -> None:
        gate.wait(PATIENCE)
        catalog = SqlCatalog.open(catalog_url)
        catalog.bind("archive", "2024-05-01T10:00:00Z")
        catalog.close()

    others = [FORK.Process(target=start) for _ in range(STARTS)]
    for other in others:
        other.start()
    for other in others:
        other.join(PATIENCE)

    assert [other.exitcode for other in others] == [0] * STARTS
    catalog = SqlCatalog.open(catalog_url)
    assert catalog.bound_archive() == "archive"
    catalog.close()


def test_local_books_may_be_made_by_several_at_once(tmp_path: Path) -> None:
    gate = FORK.Barrier(STARTS)

    def start() -> None:
        gate.wait(PATIENCE)
        LocalBooks.open(tmp_path / "local.db").close()

    others = [FORK.Process(target=start) for _ in range(STARTS)]
    for other in others:
        other.start()
    for other in others:
        other.join(PATIENCE)

    assert [other.exitcode for other in others] == [0] * STARTS


def test_a_making_that_was_cut_short_leaves_nothing(catalog_url: str) -> None:
    engine = open_engine(catalog_url)
    if engine.dialect.name == "sqlite":
        spoil = "CREATE TABLE sightings (there INTEGER)"
    else:
        spoil = "CREATE TABLE sightings (there integer)"
    with engine.begin() as connection:
        connection.execute(text(spoil))

    with pytest.raises(Exception, match="already exists"):
        migrate.upgrade(engine)

    with engine.begin() as connection:
        connection.execute(text("DROP TABLE sightings"))
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM v_sightings")).scalar() == 0
    engine.dispose()


def test_a_catalog_belongs_to_one_archive(catalog: SqlCatalog) -> None:
    catalog.bind("one", "2024-05-01T10:00:00Z")
    catalog.bind("one", "2024-05-02T10:00:00Z")

    with pytest.raises(Exception, match="belongs to archive one"):
        catalog.bind("two", "2024-05-03T10:00:00Z")

    assert catalog.bound_archive() == "one"


def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(b"no database at all " * 100)

    with pytest.raises(IntegrityError, match=r"damaged .*backup"):
        SqlCatalog.open(f"sqlite:///{tmp_path}/catalog.db")


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CatalogUnavailable, match="unable to open database file"):
        SqlCatalog.open(f"sqlite:///{tmp_path}/none/catalog.db")
