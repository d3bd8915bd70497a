"""An archive that one source was imported into, and an empty folder beside it."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from installed import Storage
from pictures import write
from planted import Family, original


def imported(folder: Path) -> Family:
    """Import eight pictures of a phone."""
    storage, icloud, sync = Storage(folder / "home"), folder / "icloud", folder / "sync"
    for number in range(8):
        orientation = 6 if number == 5 else 1
        write(icloud / f"IMG_{number:04}.JPG", original(number, orientation))
    sync.mkdir()
    said = storage.here("import", f"icloud={icloud}", "-q")
    assert said.status == 0, said.err
    return Family(storage, icloud, sync)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Family:
    """Give the family that all others are copies of; its ``icloud`` is only read."""
    return imported(tmp_path_factory.mktemp("family"))


@pytest.fixture
def family(template: Family, tmp_path: Path) -> Family:
    """Give a storage of its own; ``icloud`` is everybody's."""
    shutil.copytree(template.storage.home, tmp_path / "home", symlinks=True)
    (tmp_path / "sync").mkdir()
    return Family(Storage(tmp_path / "home"), template.icloud, tmp_path / "sync")


@pytest.fixture
def own_family(tmp_path: Path) -> Family:
    """Give one whose ``icloud`` may be changed."""
    return imported(tmp_path)
