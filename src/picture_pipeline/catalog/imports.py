"""The runs that took something in, as ``imports`` lists them."""

import json

from sqlalchemy import Engine, RowMapping, select, update

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.catalog.tables import runs
from picture_pipeline.catalog.undo import additions
from picture_pipeline.model.query import RunListed
from picture_pipeline.model.run import Counts, RunId
from picture_pipeline.model.undoing import Additions

_COUNTS = tuple(Counts.__slots__)
_TAKING_IN = ("import", "watch")
"""Commands whose runs take files in."""


def list_runs(engine: Engine, limit: int) -> tuple[RunListed, ...]:
    """Give the last imports, newest first."""
    query = (
        select(runs).where(runs.c.command.in_(_TAKING_IN)).order_by(runs.c.id.desc()).limit(limit)
    )
    with reading(engine) as connection:
        return tuple(_listed(row) for row in connection.execute(query).mappings())


def _listed(row: RowMapping) -> RunListed:
    return RunListed(
        run=RunId(row["id"]),
        command=row["command"],
        writer=row["writer"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        status=row["status"],
        counts=Counts(**{name: row[name] for name in _COUNTS}),
        sources=tuple(json.loads(row["sources"])) if row["sources"] else (),
        undone_at=row["undone_at"],
    )


class SqlRuns:
    """The catalog's runs, as taking back sees them; see ``ports.undoing.RunBooks``."""

    def __init__(self, catalog: SqlCatalog) -> None:
        self._catalog = catalog

    def start_run(self, command: str, writer: str, time: str) -> RunId:
        """Book the start of a run."""
        return self._catalog.start_run(command, writer, time)

    def finish_run(self, run: RunId, status: str, counts: Counts, time: str) -> None:
        """Book how a run ended."""
        self._catalog.finish_run(run, status, counts, time)

    def additions(self, run: RunId) -> Additions:
        """Give all that a run archived and the archive still holds; raises UsageError."""
        with reading(self._catalog.engine) as connection:
            return additions(connection, run)

    def note_undone(self, run: RunId, time: str | None) -> None:
        """Book that a run was taken back; None: that it is in force again."""
        with writing(self._catalog.engine) as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(undone_at=time))
