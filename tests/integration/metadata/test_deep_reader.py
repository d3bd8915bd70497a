"""The deep reader on the real exiftool, and on programs that misbehave."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from films import Recipe, film, plain
from installed import Storage
from picture_pipeline.metadata.deep import DEEP_TYPES, TAGS, DeepReader, evidence_of
from picture_pipeline.metadata.formats import BY_NAME, JPEG
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.workflows.contents import in_memory

IIQ = BY_NAME["image/x-phaseone-iiq"]
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "metadata-fields.md"
PICTURES = [plain((200, 60, 20))] * 2
Tagged = Callable[[Mapping[str, str]], bytes]

Children = Callable[[], set[int]]


@pytest.fixture
def reader(program: Callable[[str], str]) -> Generator[DeepReader]:
    exiftool = program("exiftool")
    reader = DeepReader(lambda: exiftool)
    yield reader
    reader.close()


def read(reader: DeepReader, data: bytes) -> Evidence:
    with in_memory(data) as content:
        return reader.read(content, IIQ)


def script(folder: Path, body: str) -> Callable[[], str]:
    """Write a program that stands in for an exiftool that misbehaves."""
    path = folder / "exiftool"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return lambda: str(path)


@pytest.mark.program
def test_exiftools_answers_come_under_the_keys_of_the_field_table(
    reader: DeepReader, tagged: Tagged
) -> None:
    data = tagged(
        {
            "Exif.Image.Make": "Leaf",
            "Exif.Photo.DateTimeOriginal": "2024:03:15 10:11:12",
            "Exif.GPSInfo.GPSLatitude": "48/1 30/1 0/1",
            "Exif.GPSInfo.GPSLatitudeRef": "S",
            "Exif.Photo.FNumber": "28/10",
        }
    )
    assert read(reader, data) == {
        "Exif.Image.Make": ("Leaf",),
        "Exif.Photo.DateTimeOriginal": ("2024:03:15 10:11:12",),
        "Exif.GPSInfo.GPSLatitude": ("48.5",),
        "Exif.GPSInfo.GPSLatitudeRef": ("S",),
        "Exif.Photo.FNumber": ("2.8",),
    }


@pytest.fixture
def children() -> Children:
    """Give what tells the processes that this one started since the test began, and that live."""
    before = all_children()
    return lambda: all_children() - before


@pytest.mark.program
def test_one_exiftool_answers_for_many_files(
    children: Children, reader: DeepReader, tagged: Tagged
) -> None:
    makes = [read(reader, tagged({"Exif.Image.Make": make})) for make in ("a", "b", "c")]
    assert [found["Exif.Image.Make"] for found in makes] == [("a",), ("b",), ("c",)]
    assert len(children()) == 1


@pytest.mark.program
def test_a_content_cannot_pretend_to_be_the_end_of_the_answer(
    reader: DeepReader, tagged: Tagged
) -> None:
    data = tagged({"Exif.Image.Make": "{ready1}\n{ready}\n", "Exif.Image.Model": "after"})
    assert read(reader, data)["Exif.Image.Model"] == ("after",)
    assert read(reader, tagged({"Exif.Image.Make": "next"}))["Exif.Image.Make"] == ("next",)


@pytest.mark.program
def test_rubbish_says_nothing_and_the_next_file_is_read(reader: DeepReader, tagged: Tagged) -> None:
    assert read(reader, b"\0" * 1000) == {}
    assert read(reader, tagged({"Exif.Image.Make": "a"})) == {"Exif.Image.Make": ("a",)}


@pytest.mark.program
def test_a_killed_exiftool_is_started_anew(
    children: Children, reader: DeepReader, tagged: Tagged
) -> None:
    data = tagged({"Exif.Image.Make": "a"})
    read(reader, data)
    for child in children():
        os.kill(child, signal.SIGKILL)
    assert read(reader, data) == {}
    assert read(reader, data) == {"Exif.Image.Make": ("a",)}


@pytest.mark.program
def test_the_end_of_a_worker_is_the_end_of_its_exiftool(program: Callable[[str], str]) -> None:
    """Killed outright, so that nothing of ours can tidy up."""
    code = (
        "import os, signal, sys\n"
        "from picture_pipeline.metadata.deep import DeepReader\n"
        "from picture_pipeline.metadata.formats import BY_NAME\n"
        "from picture_pipeline.workflows.contents import in_memory\n"
        "reader = DeepReader(lambda: sys.argv[1])\n"
        "reader.read(in_memory(b'x'), BY_NAME['image/x-phaseone-iiq'])\n"
        "children = open(f'/proc/{os.getpid()}/task/{os.getpid()}/children').read()\n"
        "print(children, flush=True)\n"
        "sys.stdin.read(1)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = (sys.executable, "-c", code, program("exiftool"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        (child,) = map(int, worker.stdout.readline().split())
        ended = os.pidfd_open(child)
        worker.stdin.write(b"x")
        worker.stdin.flush()
        ready, _, _ = select.select([ended], [], [], 20)
        os.close(ended)
    assert ready


SPY = """
while IFS= read -r line; do
    count=$((count + 1))
    case $line in
    /*) path=$line ;;
    -execute*)
        printf '[{"IFD0:Make": "%s", "IFD0:Model": "%s"}]\\n' "$path" "$count"
        printf '{ready%s}\\n' "${line#-execute}"
        count=0
        ;;
    esac
done
"""
"""Answers with the path that it was shown, and the number of lines it was told."""


def test_an_import_shows_exiftool_no_name_of_a_source(tmp_path: Path) -> None:
    """A newline in a name would be an argument of its own."""
    script(tmp_path, SPY)
    source = tmp_path / "source"
    source.mkdir()
    name = source / "a\n-execute\n-o\nb.avi"
    name.write_bytes(film(PICTURES, Recipe("avi", "mpeg4")))
    storage = Storage(tmp_path / "home").given(PATH=f"{tmp_path}:{os.environ['PATH']}")

    assert storage.call("import", source, "--json").json["imported"] == 1

    (listed,) = storage.call("list", "--json").lines
    shown = storage.call("show", listed["digest"], "--json").json
    assert re.fullmatch(r"/proc/\d+/fd/\d+", shown["make"])
    assert shown["model"] == str(len(TAGS) + len(["-j", "-G1", "-m", "-q", "-q", "path", "end"]))
    assert list(source.iterdir()) == [name]


def test_switched_off_exiftool_is_not_asked(tmp_path: Path) -> None:
    script(tmp_path, SPY)
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.avi").write_bytes(film(PICTURES, Recipe("avi", "mpeg4")))
    storage = Storage(tmp_path / "home").given(
        PATH=f"{tmp_path}:{os.environ['PATH']}",
        PICTURE_PIPELINE_STORAGE__METADATA__DEEP_READER="off",
    )

    assert storage.call("import", source, "--json").json["imported"] == 1

    (listed,) = storage.call("list", "--json").lines
    assert storage.call("show", listed["digest"], "--json").json["make"] is None


def test_without_exiftool_nothing_is_said() -> None:
    assert read(DeepReader(lambda: None), b"x") == {}


def test_other_types_are_not_asked_about(children: Children, tmp_path: Path) -> None:
    reader = DeepReader(script(tmp_path, "exit 1"))
    with in_memory(b"x") as content:
        assert reader.read(content, JPEG) == {}
    assert children() == set()


@pytest.mark.parametrize(
    "body",
    ["exit 1", "sleep 60", "cat /dev/zero", "yes '{ready1}'", "kill -9 $$"],
    ids=["ends", "says nothing", "never stops", "tells lies", "dies"],
)
def test_a_program_that_misbehaves_is_ended_and_says_nothing(
    children: Children, tmp_path: Path, body: str
) -> None:
    reader = DeepReader(script(tmp_path, body), seconds=0.3)
    assert read(reader, b"x") == {}
    assert children() == set()


def test_a_program_that_always_fails_is_left_alone(tmp_path: Path) -> None:
    starts: list[int] = []
    find = script(tmp_path, "exit 1")

    def counted() -> str:
        starts.append(1)
        return find()

    reader = DeepReader(counted)
    for _ in range(10):
        assert read(reader, b"x") == {}
    assert len(starts) == 3


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[",
        b"{}",
        b"[]",
        b"[1]",
        b'[{"IFD0:Make": 5}',
        b"[" * 100_000,
        b'[{"IFD0:Make": " "}]',
    ],
)
def test_an_answer_that_is_none_says_nothing(answer: bytes) -> None:
    assert evidence_of(answer) == {}


def test_a_number_that_exiftool_has_no_word_for_says_nothing() -> None:
    assert evidence_of(b'[{"H264:Make": "Unknown (0x1234)"}]') == {}


def test_numbers_come_as_they_are_written() -> None:
    assert evidence_of(b'[{"IFD0:Make": 12.50}]') == {"Exif.Image.Make": ("12.50",)}


def test_the_reference_names_every_type_and_tag_of_the_deep_reader() -> None:
    page = set(re.findall(r"`([^`]+)`", REFERENCE.read_text(encoding="utf-8")))
    assert page >= DEEP_TYPES
    assert page >= {tag.removesuffix("#") for tag in TAGS}


def all_children() -> set[int]:
    us = os.getpid()
    return set(map(int, Path(f"/proc/{us}/task/{us}/children").read_text().split()))
