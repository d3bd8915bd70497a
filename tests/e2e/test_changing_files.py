"""A file that is still being written is reported, and taken by the next run."""

import hashlib
import threading
from pathlib import Path

from installed import Said, Storage
from pictures import jpeg, picture, write

SIDE = 3000  # 27 MB as BMP: reading takes far longer than one write does


def import_while_growing(storage: Storage, path: Path) -> Said:
    """Import the file's folder while somebody goes on writing into the file."""
    over = threading.Event()

    def grow() -> None:
        with path.open("ab", buffering=0) as file:
            while not over.is_set():
                file.write(b"\0")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        return storage.call("import", "--json", path.parent)
    finally:
        over.set()
        writer.join()


def test_a_growing_file_is_reported_and_archived_once_it_is_whole(
    storage: Storage, source: Path
) -> None:
    growing = source / "growing.bmp"
    write(growing, picture(1, "BMP", SIDE))
    write(source / "still.jpg", jpeg(2))

    during = import_while_growing(storage, growing)
    after = storage.call("import", "--json", source)

    (problem,) = during.json["problems"]
    assert (during.status, during.json["imported"], during.json["failed"]) == (1, 1, 1)
    assert (problem["path"], problem["reason"]) == (str(growing), "changed_while_reading")
    assert (after.status, after.json["imported"], after.json["skipped"]) == (0, 1, 1)
    assert hashlib.sha256(growing.read_bytes()).hexdigest() in {
        path.stem for path in storage.originals()
    }
