"""Where source and archive lie on one file system that shares bytes, an import takes no space."""

from pathlib import Path

from installed import Storage
from pictures import jpeg, write
from volumes import image, used, volume

__all__ = ["image", "volume"]

LARGE = jpeg(1) + b"what a camera appends" * 500_000


def storage_on(volume: Path) -> Storage:
    return Storage(volume / "home")


def test_an_import_takes_hardly_any_space(volume: Path) -> None:
    write(volume / "phone" / "IMG_1.JPG", LARGE)
    storage_on(volume).call("import", "--json", volume / "empty")  # makes archive and catalog
    before = used(volume)

    said = storage_on(volume).call("import", "--json", volume / "phone")

    assert said.json["imported"] == 1
    assert [path.read_bytes() for path in storage_on(volume).originals()] == [LARGE]
    assert used(volume) - before < len(LARGE) // 2


def test_what_is_rewritten_at_the_source_later_is_another_original(volume: Path) -> None:
    file = volume / "phone" / "IMG_1.JPG"
    write(file, LARGE)
    storage_on(volume).call("import", "--json", volume / "phone")
    with file.open("r+b") as opened:
        opened.seek(-10, 2)
        opened.write(b"rewritten!")

    said = storage_on(volume).call("import", "--json", volume / "phone")

    assert said.json["imported"] == 1
    held = {path.read_bytes() for path in storage_on(volume).originals()}
    assert held == {LARGE, file.read_bytes()}
