"""Brings the catalog's tables up to date, forward only."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.errors import UsageError

HEAD = "0001"
"""The newest migration; a test compares it with the folder's content."""


def upgrade(engine: Engine) -> None:
    """Apply what is missing; costs one query when nothing is.

    Raises UsageError for a catalog made by a newer version.
    """
    with reading(engine) as connection:
        version = _version(connection)
    if version != HEAD:
        _apply(engine)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


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
