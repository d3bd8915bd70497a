"""Brings the catalog's tables up to date, forward only."""

from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from picture_pipeline.catalog.engine import catalog_faults, writing
from picture_pipeline.errors import UsageError

HEAD = "0003"
"""The newest migration; a test compares it with the folder's content."""
_UNDEFINED_TABLE = "42P01"
"""PostgreSQL's error code."""


def upgrade(engine: Engine) -> None:
    """Apply what is missing; costs one query when nothing is.

    Raises UsageError for a catalog made by a newer version.
    """
    if _version(engine) != HEAD:
        _apply(engine)


def _version(engine: Engine) -> str | None:
    with catalog_faults(engine):
        try:
            with engine.connect() as connection:
                query = text("SELECT version_num FROM alembic_version")
                found: str | None = connection.execute(query).scalar()
        except DBAPIError as error:
            if not _is_missing_table(error):
                raise
            return None
    return found


def _is_missing_table(error: DBAPIError) -> bool:
    told = getattr(error.orig, "sqlstate", None) or str(error.orig)
    return told == _UNDEFINED_TABLE or told.startswith("no such table")


def _apply(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - costs 0.2 s, needed once
    from alembic.config import Config  # noqa: PLC0415 - likewise
    from alembic.util import CommandError  # noqa: PLC0415 - likewise

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    # The publishing lock makes two first starts take turns.
    with writing(engine) as connection:
        settings.attributes["connection"] = connection
        try:
            command.upgrade(settings, "head")
        except CommandError as error:
            raise UsageError(
                f"{engine.url.render_as_string()}: this catalog was made by a newer "
                f"picture-pipeline ({error}); update the program"
            ) from error
