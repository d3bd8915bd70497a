"""File names are bytes: every name is archived, and comes back as it was."""

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from installed import Said, Storage
from pictures import jpeg, write

NAMES = (
    b"\xff\xfe.jpg",
    b"new\nline.jpg",
    b"tab\t.jpg",
    b"-leading.jpg",
    b" lead.jpg",
    "Caf\u00e9.jpg".encode(),
    "Cafe\u0301.jpg".encode(),
    b"CON.jpg",
    "\u202egpj.exe.jpg".encode(),
    b"$(id).jpg",
    b"x" * 251 + b".jpg",
    b"\\xff.jpg",
    b"\x1b[31mred.jpg",
)
SEVENTEEN_MORE = 17
DEEP = b"/".join([b"d" * 200] * (SEVENTEEN_MORE + 1))
LOCALE_OF_OLD = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@dataclass(frozen=True, slots=True)
class Imported:
    """A storage into which a folder of such names was imported."""

    storage: Storage
    source: bytes
    digests: dict[bytes, str]
    said: Said


def write_deep(root: bytes, folder: bytes, name: bytes, data: bytes) -> None:
    """Write below a path that is longer than a system call takes."""
    fd = os.open(root, os.O_RDONLY)
    for part in folder.split(b"/"):
        os.mkdir(part, dir_fd=fd)
        above, fd = fd, os.open(part, os.O_RDONLY, dir_fd=fd)
        os.close(above)
    with open(name, "wb", opener=lambda path, flags: os.open(path, flags, dir_fd=fd)) as file:
        file.write(data)
    os.close(fd)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("names")
    source = os.fsencode(folder / "source")
    pictures = {name: jpeg(number) for number, name in enumerate(NAMES)}
    for name, data in pictures.items():
        write(source + b"/" + name, data)
    pictures[DEEP + b"/deep.jpg"] = jpeg(len(NAMES))
    write_deep(source, DEEP, b"deep.jpg", jpeg(len(NAMES)))
    storage = Storage(folder / "home")
    said = storage.call("import", "--json", source)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in pictures.items()}
    return Imported(storage, source, digests, said)


def told(document: dict[str, str], key: str) -> bytes:
    """Read a path as a script would: the bytes where they are given, else the text."""
    if f"{key}_b64" in document:
        return base64.b64decode(document[f"{key}_b64"])
    return document[key].encode()


def test_every_name_is_archived(imported: Imported) -> None:
    assert imported.said.json["imported"] == len(imported.digests)
    assert imported.said.status == 0


def test_every_name_comes_back_from_list(imported: Imported) -> None:
    lines = imported.storage.call("list", "--json").lines

    names = {told(line, "original_name"): line["digest"] for line in lines}

    assert names == {path.rpartition(b"/")[2]: d for path, d in imported.digests.items()}


@pytest.mark.parametrize("name", [NAMES[0], NAMES[1], DEEP + b"/deep.jpg"])
def test_every_path_comes_back_from_show(imported: Imported, name: bytes) -> None:
    shown = imported.storage.call("show", imported.digests[name], "--json").json

    (sighting,) = shown["sightings"]

    assert told(sighting, "path") == name
    assert sighting["source"] == os.fsdecode(imported.source)


def test_a_name_of_utf_8_needs_no_second_form(imported: Imported) -> None:
    shown = imported.storage.call("show", imported.digests[b"CON.jpg"], "--json").json

    assert "original_name_b64" not in shown


@pytest.mark.parametrize("name", NAMES)
def test_every_name_comes_back_from_its_sidecar(imported: Imported, name: bytes) -> None:
    (original,) = imported.storage.archive.rglob(f"{imported.digests[name]}.jpg")
    sidecar = ET.parse(original.with_suffix(".xmp"))  # noqa: S314 - our own file

    text = sidecar.findtext(".//{http://ns.adobe.com/xap/1.0/mm/}PreservedFileName")
    exact = sidecar.findtext(".//{https://picture-pipeline.org/ns/1.0/}originalNameB64")

    assert text
    assert (base64.b64decode(exact) if exact else text.encode()) == name


@pytest.mark.parametrize("more", [{}, LOCALE_OF_OLD], ids=["utf-8", "C"])
def test_a_report_shows_each_name_on_one_line(
    tmp_path: Path, storage: Storage, more: dict[str, str]
) -> None:
    for number, name in enumerate(NAMES):
        write(os.fsencode(tmp_path) + b"/bad/" + name, b"no picture %d" % number)

    said = storage.given(**more).call("import", tmp_path / "bad")

    lines = said.out.splitlines()
    assert len(lines) == len(NAMES) + 1
    assert not [line for line in lines if re.search(rb"[\x00-\x1f\x7f]|\xe2\x80\xae", line)]
    assert lines[-1].startswith(b"%d seen = 0 imported" % len(NAMES))


@pytest.mark.parametrize("command", [("list",), ("storage-stats",)])
def test_reading_commands_print_any_name_in_any_locale(
    imported: Imported, command: tuple[str]
) -> None:
    said = imported.storage.given(**LOCALE_OF_OLD).call(*command)

    assert (said.status, said.err) == (0, "")
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", said.out)


def test_json_is_utf_8_in_any_locale(imported: Imported) -> None:
    plain = imported.storage.call("list", "--json")
    old = imported.storage.given(**LOCALE_OF_OLD).call("list", "--json")

    assert old.out == plain.out


def test_a_path_with_a_leading_dash_is_taken_after_two_dashes(
    tmp_path: Path, storage: Storage
) -> None:
    write(tmp_path / "-x.jpg", jpeg(1))

    said = storage.call("import", "--json", "--", "-x.jpg", before=("env", "-C", str(tmp_path)))

    assert said.json["imported"] == 1
