"""Companions made in the test."""

from collections.abc import Callable

import pytest

from picture_pipeline.metadata.companions.reading import read_companion
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.model.media import MediaType
from picture_pipeline.workflows.contents import in_memory

Reads = Callable[[bytes, MediaType], Evidence]


@pytest.fixture
def reads() -> Reads:
    """Read bytes as a companion of a type."""

    def read(data: bytes, media_type: MediaType) -> Evidence:
        with in_memory(data) as content:
            return read_companion(content, media_type)

    return read


@pytest.fixture
def xmp() -> Callable[[str], bytes]:
    """Wrap descriptions in a packet as Adobe's programs write it."""

    def wrap(inside: str) -> bytes:
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 5.6.0">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
            ' xmlns:exif="http://ns.adobe.com/exif/1.0/"'
            ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
            ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
            ' xmlns:digiKam="http://www.digikam.org/ns/1.0/">'
            f'{inside}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
        ).encode()

    return wrap
