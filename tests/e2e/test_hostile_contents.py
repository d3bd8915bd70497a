"""Files that lie about themselves: all are archived, within limits, and nothing is believed."""

import hashlib
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import hostile
from films import Recipe, film, plain
from hostile import Exif
from installed import Said, Storage
from pictures import jpeg, picture, write

KEPT = "never to be read by anybody"
MEGABYTE = 1_000_000
UNIT = (1, 1)
SLOWEST = 120  # seconds for all together, on any machine; one that hangs takes more

Files = dict[str, bytes]


def cuts(name: str, data: bytes) -> Files:
    """Cut at several places, and zero the tail."""
    parts = {f"{part}-{name}": data[: len(data) * part // 100] for part in (50, 90, 99)}
    kept = len(data) * 3 // 4
    return parts | {f"zeros-{name}": data[:kept] + bytes(len(data) - kept)}


def whole() -> Files:
    return {
        "large.jpg": jpeg(900, 600),
        "large.png": picture(901, "PNG", 600),
        "large.tif": picture(902, "TIFF", 300),
        "large.webp": picture(903, "WEBP", 600),
        "large.avif": picture(904, "AVIF", 200),
        "film.mp4": film([plain((9, 99, 200))] * 5, Recipe()),
        "film.mov": film([plain((9, 99, 201))] * 5, Recipe(container="mov")),
        "film.mkv": film([plain((9, 99, 202))] * 5, Recipe(container="matroska")),
        "film.avi": film([plain((9, 99, 203))] * 5, Recipe(container="avi", codec="mpeg4")),
    }


def absurd() -> Files:
    return {
        "date-zero.jpg": hostile.dated(1, "0000:00:00 00:00:00"),
        "date-2099.jpg": hostile.dated(2, "2099:01:01 00:00:00"),
        "date-blank.jpg": hostile.dated(3, "    :  :     :  :  "),
        "date-words.jpg": hostile.dated(4, "yesterday, I think."),
        "date-13.jpg": hostile.dated(5, "2024:13:41 25:61:61"),
        "gps-nan.jpg": hostile.positioned(6, [(0, 0), (0, 0), (0, 0)]),
        "gps-infinite.jpg": hostile.positioned(7, [(47, 0), UNIT, UNIT]),
        "gps-999.jpg": hostile.positioned(8, [(999, 1), UNIT, UNIT]),
    }


def loops() -> Files:
    long_name = "IMG_" + "x" * 60_000
    return {
        "tiff-loop.tif": hostile.looping_tiff(),
        "exif-loop.jpg": hostile.with_exif(20, Exif(next_directory=8)),
        "exif-in-itself.jpg": hostile.with_exif(21, Exif(exif_at=8)),
        "exif-beyond.jpg": hostile.with_exif(22, Exif(exif_at=0xFFFFFFF0)),
        "exif-long.jpg": hostile.with_exif(23, Exif(first=[hostile.text(0x010F, long_name)])),
        "boxes-in-boxes.mov": hostile.nested_boxes(),
        "box-of-nothing.mov": hostile.box(b"ftyp", b"qt  \0\0\0\0qt  ") + bytes(4096),
        "box-of-everything.mp4": hostile.box(b"ftyp", b"isom\0\0\0\0isom")
        + hostile.box(b"moov", hostile.box(b"mvhd", bytes(100)), told=0xFFFFFFFF),
        "bomb.png": hostile.png_bomb(),
    }


def packets(secret: Path) -> Files:
    laughs = hostile.xmp_packet("&e9;", doctype=hostile.billion_laughs()).encode()
    reading = hostile.xmp_packet("&e9;", doctype=hostile.outside(str(secret))).encode()
    large = hostile.xmp_packet("ha" * 5 * MEGABYTE).encode()
    return {
        "laughs.jpg": hostile.with_xmp(30, laughs),
        "laughs.xmp": laughs,
        "reading.jpg": hostile.with_xmp(31, reading),
        "reading.xmp": reading,
        "large-xmp.png": hostile.png_with_xmp(32, large),
        "large-xmp.xmp": large,
        "deep-xmp.xmp": b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + b"<rdf:RDF>" * 200_000,
        "bom.jpg": hostile.with_xmp(33, b"\xef\xbb\xbf" + hostile.xmp_packet("bom").encode()),
        "utf-16.jpg": hostile.with_xmp(34, hostile.xmp_packet("wide").encode("utf-16")),
        "utf-16be.jpg": hostile.with_xmp(35, hostile.xmp_packet("wide").encode("utf-16-be")),
        "half-xmp.jpg": hostile.with_xmp(36, hostile.xmp_packet("half").encode()[:-90]),
        "deep.json": b"[" * 500_000,
        "large.json": b'{"title": "' + b"x" * MEGABYTE + b'", "photoTakenTime": {"timestamp": 1}}',
    }


def headers() -> Files:
    """Give one byte, and every beginning with nothing behind it."""
    beginnings = (
        *(b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\xff\xff\xff\x7fWEBP"),
        *(b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"II+\0\x08\0\0\0", b"\0\0\0\x0cJXL \r\n\x87\n"),
        *(b"\xff\x0a", b"\0\0\0\x0cjP  \r\n\x87\n", b"8BPS\0\1", b"FUJIFILMCCD-RAW ", b"FOVb"),
        *(b"\0MRM\xff\xff\xff\xff", b"RIFF\xff\xff\xff\x7fAVI LIST", b"\x1a\x45\xdf\xa3\xff"),
        *(
            b"\0\0\1\xba",
            b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        ),
        *(b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", b"\0\0\0\x18ftypavif\0\0\0\0mif1avif"),
        *(b"HEAPCCDR", b"IIRO\x08\0\0\0", b"IIU\0\x08\0\0\0", b"wide", b"BM" + bytes(12) + b"\x28"),
    )
    files = {f"head-{n}.bin": held.ljust(64, b"\xff") for n, held in enumerate(beginnings)}
    return files | {"one-byte.jpg": b"\xff", "soi.jpg": b"\xff\xd8\xff"}


def decoys() -> Files:
    return {
        "HEIC.JPG": picture(40, "AVIF"),
        "jpeg.heic": jpeg(41),
        "png.mov": picture(42, "PNG"),
        f"{hashlib.sha256(b'other').hexdigest()}.jpg": jpeg(43),
        "playlist.mp4": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        "list.mov": b"ffconcat version 1.0\nfile /etc/passwd\n",
    }


@dataclass(frozen=True, slots=True)
class Imported:
    """A folder of such files, imported once."""

    storage: Storage
    source: Path
    files: Files
    before: dict[str, tuple[int, int]]
    said: Said
    seconds: float
    trace: str | None
    """What was opened, as strace tells."""

    def of(self, *names: str) -> list[dict[str, Any]]:
        """Give all that the catalog knows of files."""
        return [self.storage.here("show", self.digest(name), "--json").json for name in names]

    def digest(self, name: str) -> str:
        return hashlib.sha256(self.files[name]).hexdigest()

    @property
    def problems(self) -> dict[str, str]:
        return {Path(p["path"]).name: p["reason"] for p in self.said.json["problems"]}

    @property
    def warnings(self) -> dict[str, str]:
        return {Path(p["path"]).name: p["reason"] for p in self.said.json["warnings"]}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    folder = tmp_path_factory.mktemp("hostile")
    source, secret = folder / "source", folder / "secret.txt"
    secret.write_text(KEPT)
    files = absurd() | loops() | packets(secret) | headers() | decoys()
    for name, data in whole().items():
        files |= {name: data} | cuts(name, data)
    for name, data in files.items():
        write(source / name, data)
    strace, log = shutil.which("strace"), folder / "trace"
    calls = "trace=open,openat,openat2,creat,rename,renameat,renameat2,mkdir,link,linkat,symlinkat"
    tracing = (strace, "-f", "--seccomp-bpf", "-e", calls, "-o", str(log)) if strace else ()
    before, start = stamps(folder), time.monotonic()
    temp = folder / "home" / "temp"
    temp.mkdir(parents=True)
    storage = Storage(folder / "home", {"TMPDIR": str(temp)})
    said = storage.call("import", "--json", source, before=tracing)
    seconds = time.monotonic() - start
    trace = log.read_text(errors="replace") if strace else None
    return Imported(storage, source, files, before, said, seconds, trace)


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Give size and time of everything below, the storage and the trace aside."""
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and "home" not in path.parts and path.name != "trace"
    }


def test_the_run_ends_well_and_in_time(imported: Imported) -> None:
    assert (imported.said.status, imported.said.json["failed"]) == (0, 0)
    assert imported.seconds < SLOWEST
    assert "Traceback" not in imported.said.err


def test_the_report_adds_up(imported: Imported) -> None:
    report = imported.said.json

    parts = ("imported", "duplicate", "skipped", "rejected", "failed")
    assert report["seen"] == len(imported.files) == sum(report[part] for part in parts)


def test_every_file_is_archived_byte_for_byte_or_named(imported: Imported) -> None:
    archived = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in imported.storage.originals()
    }

    missing = {name for name in imported.files if imported.digest(name) not in archived}

    assert missing == set(imported.problems)
    assert set(imported.problems.values()) <= {"not_a_picture", "unsupported_format"}


def test_what_is_no_picture_is_rejected(imported: Imported) -> None:
    assert {"one-byte.jpg", "playlist.mp4", "list.mov"} <= set(imported.problems)


def test_decoders_neither_die_nor_hang(imported: Imported) -> None:
    expected = {"undecodable", "unsupported_picture", "too_large", "incomplete"}
    unexpected = {n: reason for n, reason in imported.warnings.items() if reason not in expected}
    assert unexpected == {}


def test_a_bomb_is_too_large(imported: Imported) -> None:
    assert imported.warnings["bomb.png"] == "too_large"


@pytest.mark.parametrize("name", ["tiff-loop.tif", "exif-loop.jpg", "exif-in-itself.jpg"])
def test_a_loop_costs_nothing_but_itself(imported: Imported, name: str) -> None:
    (shown,) = imported.of(name)

    assert set(shown["renditions"]) == {"tiny", "small", "medium"}


@pytest.mark.parametrize("name", [name for name in absurd() if name.startswith("date")])
def test_an_absurd_date_is_dropped_and_noted(imported: Imported, name: str) -> None:
    (shown,) = imported.of(name)

    assert shown["taken_from"] == "mtime"
    assert "DateTimeOriginal" in " ".join(shown["notes"])


@pytest.mark.parametrize("name", [name for name in absurd() if name.startswith("gps")])
def test_an_absurd_position_is_dropped_and_noted(imported: Imported, name: str) -> None:
    (shown,) = imported.of(name)

    assert shown["gps"] is None
    assert shown["notes"]


@pytest.mark.parametrize("name", ["bom.jpg", "utf-16.jpg", "utf-16be.jpg", "half-xmp.jpg"])
def test_a_packet_in_an_odd_encoding_costs_no_thumbnail(imported: Imported, name: str) -> None:
    (shown,) = imported.of(name)

    assert shown["renditions"]


def test_no_entity_is_ever_expanded(imported: Imported) -> None:
    for shown in imported.of("laughs.jpg", "reading.jpg"):
        assert KEPT not in str(shown)
        assert "haha" not in str(shown["title"])


@pytest.mark.parametrize("name", ["large.jpg", "large.avif", "film.mp4", "film.mov"])
def test_a_whole_picture_among_them_has_its_thumbnails(imported: Imported, name: str) -> None:
    assert name not in imported.warnings


def test_content_decides_over_the_name(imported: Imported) -> None:
    shown = imported.of("HEIC.JPG", "jpeg.heic", "png.mov")

    assert [each["media_type"] for each in shown] == ["image/avif", "image/jpeg", "image/png"]


def test_a_name_that_looks_like_a_digest_is_not_believed(imported: Imported) -> None:
    (name,) = [name for name in decoys() if len(name) > 60]

    assert imported.of(name)[0]["digest"] == hashlib.sha256(jpeg(43)).hexdigest()


def test_no_thumbnail_or_sidecar_is_outsized(imported: Imported) -> None:
    largest = max(path.stat().st_size for path in imported.storage.archive.rglob("*.xmp"))

    assert largest < 2 * MEGABYTE


def test_nothing_beside_the_storage_is_touched(imported: Imported) -> None:
    assert stamps(imported.source.parent) == imported.before


def opened(trace: str, wanted: Callable[[str], bool]) -> set[str]:
    """Give the paths of successful calls that a filter wants, by the whole line."""
    lines = [line for line in joined(trace) if wanted(line) and " = -1 " not in line]
    return {path for line in lines for path in re.findall(r'"(/[^"]*)"', line)}


def joined(trace: str) -> list[str]:
    """Give each call in one line; strace cuts one in two when another process's comes between."""
    begun: dict[str, str] = {}
    calls = []
    for line in trace.splitlines():
        process, _, rest = line.partition(" ")
        if line.endswith("<unfinished ...>"):
            begun[process] = line.removesuffix("<unfinished ...>")
        elif rest.lstrip().startswith("<... "):
            calls.append(begun.pop(process, "") + rest.partition("resumed>")[2])
        else:
            calls.append(line)
    return calls + list(begun.values())


def test_a_call_cut_in_two_counts_by_its_end() -> None:
    trace = (
        '7 mkdir("/a", 0777 <unfinished ...>\n'
        '8 mkdir("/b", 0777 <unfinished ...>\n'
        "7 <... mkdir resumed>) = -1 EEXIST (File exists)\n"
        "8 <... mkdir resumed>)             = 0\n"
    )

    assert opened(trace, lambda line: "mkdir" in line) == {"/b"}


def test_nothing_is_written_outside_of_the_storage(imported: Imported) -> None:
    if imported.trace is None:
        pytest.skip("strace is not installed")
    changes = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|(rename|mkdir|creat|link)(at2?)?\(")

    written = opened(imported.trace, lambda line: changes.search(line) is not None)

    home = str(imported.storage.home)
    fine = (home, "/dev/", "/proc/", *measured(written))
    assert {path for path in written if not path.startswith(fine)} == set()


def measured(paths: set[str]) -> set[str]:
    """Give what the measuring of the tests' own coverage writes where they were started."""
    return {path for path in paths if Path(path).name.startswith(".coverage.")}


def test_no_file_is_opened_because_another_names_it(imported: Imported) -> None:
    if imported.trace is None:
        pytest.skip("strace is not installed")

    read = opened(imported.trace, lambda line: "open" in line)

    assert any(path.startswith(str(imported.source)) for path in read)
    assert str(imported.source.parent / "secret.txt") not in read
