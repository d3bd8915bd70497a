"""Where an original lies: pure rules, from digest, extension and capture day."""

from datetime import date

from picture_pipeline.model.digest import Digest

CONTROL = ".picture-pipeline"
INCOMING = f"{CONTROL}/incoming"
LEDGER = f"{CONTROL}/ledger"
ORIGINALS = "originals"


def original_path(digest: Digest, extension: str, day: date) -> str:
    """Give the path of an original, relative to the archive's root.

    It never changes after ingest, also when the date is corrected later.
    """
    return f"{ORIGINALS}/{day.year:04d}/{day.month:02d}/{day.day:02d}/{digest}.{extension}"


def sidecar_path(path: str) -> str:
    """Give the sidecar's path of the original at ``path``."""
    return path.rsplit(".", 1)[0] + ".xmp"


def split(path: str) -> tuple[str, str]:
    """Split a path into its folder and name."""
    folder, _, name = path.rpartition("/")
    return folder, name
