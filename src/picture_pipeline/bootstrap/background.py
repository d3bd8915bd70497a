"""How far a detached run has come: a small file that any process may look at."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from picture_pipeline.durable.files import open_folder, replace
from picture_pipeline.durable.locks import LiveMark

_MARK = "generate-thumbs"
_STATUS = "generate-thumbs.json"


@dataclass(frozen=True, slots=True)
class BackgroundStatus:
    """What ``storage-stats`` tells of a run of ``generate-thumbs``."""

    done: int
    total: int
    started_at: str
    running: bool = True


class BackgroundRun:
    """The one run of ``generate-thumbs`` that this computer's local folder allows."""

    def __init__(self, local: Path) -> None:
        self._local = local

    def is_running(self) -> bool:
        """Tell whether a run is alive."""
        return LiveMark.is_alive(self._local / "runs" / _MARK)

    def hold(self) -> LiveMark:
        """Claim to be the run; raises BlockingIOError when another one is."""
        return LiveMark.hold(self._local / "runs" / _MARK)

    def write(self, status: BackgroundStatus) -> None:
        """Say how far this run has come."""
        folder = open_folder(self._local)
        try:
            replace(_STATUS, json.dumps(asdict(status)).encode("ascii"), folder)
        finally:
            os.close(folder)

    def read(self) -> BackgroundStatus | None:
        """Tell how far the last run came; None when there was none."""
        try:
            found = json.loads((self._local / _STATUS).read_bytes())
            status = BackgroundStatus(found["done"], found["total"], found["started_at"])
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return BackgroundStatus(status.done, status.total, status.started_at, self.is_running())
