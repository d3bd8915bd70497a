"""What one file's way through a worker comes to."""

import hashlib
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Care, Known, Staged
from pictures import jpeg, picture, write

if TYPE_CHECKING:
    from conftest import Bench

DNG_VERSION = 0xC612
BEYOND_THE_HEAD = 100_000


def raw_with_its_directory_at_the_end() -> bytes:
    entry = struct.pack("<HHI4s", DNG_VERSION, 1, 4, b"\1\4\0\0")
    directory = struct.pack("<H", 1) + entry + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", BEYOND_THE_HEAD) + bytes(BEYOND_THE_HEAD - 8) + directory


def test_one_read_gives_copy_sidecar_and_all_checksums(bench: "Bench") -> None:
    data = jpeg(1)
    write(bench.source / "a.jpg", data)

    done = bench.inspect(bench.job("a.jpg"))

    assert isinstance(done, Staged)
    assert done.checksums.sha256 == hashlib.sha256(data).hexdigest()
    assert done.checksums.sha1 == hashlib.sha1(data).hexdigest()  # noqa: S324 - a name, no secret
    assert done.checksums.md5 == hashlib.md5(data).hexdigest()  # noqa: S324 - likewise
    assert {path.suffix for path in bench.staged} == {".original", ".xmp"}


def test_the_copy_is_read_only_and_keeps_the_time_of_its_source(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))

    bench.inspect(bench.job("a.jpg"))

    (copy,) = [path for path in bench.staged if path.suffix == ".original"]
    assert copy.stat().st_mode & 0o777 == 0o444
    assert copy.stat().st_mtime_ns == (bench.source / "a.jpg").stat().st_mtime_ns


@pytest.mark.parametrize("care", list(Care))
def test_the_bytes_are_staged_whatever_care_is_taken(bench: "Bench", care: Care) -> None:
    write(bench.source / "a.png", picture(1, "PNG"))

    done = bench.inspect(bench.job("a.png", care=care))

    assert isinstance(done, Staged)
    (copy,) = [path for path in bench.staged if path.suffix == ".original"]
    assert copy.read_bytes() == picture(1, "PNG")


def test_a_raw_is_known_by_a_directory_far_behind_its_beginning(bench: "Bench") -> None:
    write(bench.source / "scan.tif", raw_with_its_directory_at_the_end())

    done = bench.inspect(bench.job("scan.tif"))

    assert isinstance(done, Staged)
    assert done.media_type.extension == "dng"


def test_a_file_with_data_behind_a_hole_is_no_placeholder(bench: "Bench") -> None:
    path: Path = bench.source / "sparse.bmp"
    write(path, picture(1, "BMP"))
    with path.open("r+b") as file:
        file.truncate(1 << 22)

    assert isinstance(bench.inspect(bench.job("sparse.bmp")), Staged)


def test_bytes_of_a_known_size_are_compared_before_they_are_copied(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    other = Digest("0" * 64)

    unknown = bench.inspect(bench.job("a.jpg", other))

    assert isinstance(unknown, Staged)
    for path in bench.staged:
        path.unlink()
    assert isinstance(bench.inspect(bench.job("a.jpg", other, unknown.checksums.sha256)), Known)
