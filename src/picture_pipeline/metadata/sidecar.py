"""Writing the sidecar of a fresh original: the universal form.

One form that every reader tried accepts (exiv2, exiftool, digiKam, PhotoPrism
old and new, Damselfly): the x:xmpmeta wrapper, one description, elements
instead of attributes (but one), ``dc:subject`` as a Seq, one ``x-default`` language.
Written once at ingest; later changes go through a lossless writer.

Never written: orientation and dimensions (they belong to the pixels, and other
programs would rotate twice), and document ids (some programs merge pictures
that share one).
XMP specification parts 1 and 2; EXIF 2.32 for XMP (CIPA DC-010).
"""

import base64
import html
import re
from collections.abc import Iterator

from picture_pipeline.metadata.fields import CAPTURE_PROPERTIES, FIELDS, GPS_TIME_PROPERTIES
from picture_pipeline.metadata.properties import Form
from picture_pipeline.model.candidate import SourceName, is_utf8, printable
from picture_pipeline.model.sidecar import SidecarContent, SidecarOrigin

PP = "https://picture-pipeline.org/ns/1.0/"
"""Our own namespace; what its properties mean stands in docs/format.md."""

NAMESPACES: dict[str, str] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "fstop": "http://www.fstopapp.com/xmp/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "lr": "http://ns.adobe.com/lightroom/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "pp": PP,
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}

_ORDER = (
    *(prop for field in FIELDS for prop in field.properties),
    *CAPTURE_PROPERTIES,
    *GPS_TIME_PROPERTIES,
)
_FAVOURITE = '\n  fstop:favorite="1"'
"""The one attribute: PhotoPrism reads a favourite from it, and from no element (measured)."""
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold at all (section 2.2)."""
_UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f]|^\s|\s$")
"""What parsers may normalise away, so that the base64 form is needed as well."""
_OWN_TEXT = re.compile(r"^<(pp:\w+)>([^<]*)</\1>$", re.MULTILINE)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})


def render_sidecar(content: SidecarContent) -> bytes:
    """Write the whole sidecar, UTF-8. Deterministic: the same content, the same bytes."""
    lines = [*_described(content), *_own(content)]
    attributes = _FAVOURITE if content.metadata.favourite else ""
    used = {line[1 : line.index(":")] for line in lines} | ({"fstop"} if attributes else set())
    spaces = "".join(f'\n  xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in sorted(used))
    body = "\n".join(lines)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="picture-pipeline">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'<rdf:Description rdf:about=""{spaces}{attributes}>\n'
        f"{body}\n"
        "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>\n'
    ).encode()


def read_origin(data: bytes) -> SidecarOrigin:
    """Read back what ``render_sidecar`` wrote of the first sighting.

    Only for bytes that are exactly what it wrote. Raises ValueError otherwise.
    """
    texts = {name: html.unescape(text) for name, text in _OWN_TEXT.findall(data.decode())}
    try:
        encoded = texts.get("pp:pathB64")
        path = base64.b64decode(encoded) if encoded else texts["pp:path"].encode()
        source = SourceName(texts["pp:source"])
        return SidecarOrigin(source, path, int(texts["pp:revision"]))
    except KeyError as error:
        message = f"the sidecar says no {error}"
        raise ValueError(message) from error


def _described(content: SidecarContent) -> Iterator[str]:
    """Write what the original says of itself, by the field table."""
    for prop in _ORDER:
        values = tuple(text for text in map(_visible, prop.of(content.metadata)) if text)
        if values:
            yield _element(prop.name, prop.form, values)


def _own(content: SidecarContent) -> Iterator[str]:
    """Write what we know of the original: where it came from and what its bytes are."""
    yield from _name("xmpMM:PreservedFileName", "pp:originalNameB64", content.original_name)
    yield from _name("pp:path", "pp:pathB64", content.path)
    for name, value in (
        ("pp:sha256", content.digest),
        ("pp:asset", content.asset or content.digest),
        ("pp:source", content.source),
        ("pp:ingestedAt", content.ingested_at),
        ("pp:revision", str(content.revision)),
        ("pp:takenFrom", content.metadata.capture.taken_from.value),
    ):
        yield _element(name, Form.TEXT, (_visible(value),))


def _name(name: str, name_b64: str, raw: bytes) -> Iterator[str]:
    """Write a file name or path; as base64 too when XML cannot carry it unharmed."""
    shown = _visible(printable(raw))
    yield _element(name, Form.TEXT, (shown,))
    if not is_utf8(raw) or shown.encode() != raw or _UNSAFE_IN_NAMES.search(shown):
        yield _element(name_b64, Form.TEXT, (base64.b64encode(raw).decode("ascii"),))


def _visible(text: str) -> str:
    """Replace what XML cannot hold, so that a printable form stays."""
    return _FORBIDDEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _element(name: str, form: Form, values: tuple[str, ...]) -> str:
    texts = [value.translate(_ESCAPES) for value in values]
    if form is Form.TEXT:
        return f"<{name}>{texts[0]}</{name}>"
    if form is Form.ALT:
        items = f'<rdf:li xml:lang="x-default">{texts[0]}</rdf:li>'
    else:
        items = "".join(f"<rdf:li>{text}</rdf:li>" for text in texts)
    return f"<{name}><rdf:{form.value}>{items}</rdf:{form.value}></{name}>"
