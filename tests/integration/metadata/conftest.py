"""Pictures with chosen metadata, made by exiv2 itself."""

import base64
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import exiv2
import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from picture_pipeline.metadata.formats import JPEG
from picture_pipeline.metadata.reader import FileReader
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.workflows.contents import in_memory

ONE_PIXEL = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIs"
    "IxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q=="
)

Tagged = Callable[[Mapping[str, str]], bytes]
Read = Callable[[bytes], Metadata]


@pytest.fixture
def tagged() -> Tagged:
    """Give a maker of JPEGs of one pixel with chosen EXIF, IPTC and XMP values."""

    def make(tags: Mapping[str, str]) -> bytes:
        image = exiv2.ImageFactory.open(ONE_PIXEL)
        image.readMetadata()
        families = {"Exif": image.exifData(), "Iptc": image.iptcData(), "Xmp": image.xmpData()}
        for key, value in tags.items():
            families[key.partition(".")[0]][key] = value
        image.writeMetadata()
        return bytes(image.io().data())

    return make


@pytest.fixture
def read() -> Read:
    """Read a JPEG whose name and mtime say nothing."""
    return lambda data: FileReader().read(in_memory(data), JPEG, b"x.jpg", 0)
