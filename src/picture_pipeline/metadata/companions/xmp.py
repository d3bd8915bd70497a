"""Foreign sidecars: XMP of any program, as evidence under exiv2's keys.

Read by us and not by exiv2, which refuses whole files for one flaw: the root
``x:xml_doc`` of icloudpd, UTF-16, a property given twice. exiv2's keys, so
that the one table of fields holds for embedded and foreign XMP alike.
XMP specification part 1 section 7 (the RDF forms).
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from picture_pipeline.metadata.companions.markup import parse_sound_xml, parse_xml, read_text
from picture_pipeline.metadata.parsing.values import MAX_ITEMS, Evidence, Values
from picture_pipeline.ports import Content

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # types only; defusedxml does the parsing

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TOOLKIT = "{adobe:ns:meta/}xmptk"
_PREFIXES: Mapping[str, str] = {
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://www.fstopapp.com/xmp/": "fstop",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "iptcExt",
    "https://picture-pipeline.org/ns/1.0/": "pp",
}
"""Namespace -> exiv2's prefix, whatever prefix the file itself gives it."""
_REGIONS = "{http://www.metadataworkinggroup.com/schemas/regions/}"
"""Of the Metadata Working Group; only the names are read, under a key of our own."""
_LISTS = (f"{_RDF}Bag", f"{_RDF}Seq")
_NO_CAMERAS = (("icloudpd", "Xmp.tiff.Make", ("Screenshot",)),)
"""What a program writes that is not what it seems: icloudpd's mark of a screenshot."""

_FAVOURITES = (("icloudpd", "Xmp.xmp.Rating", ("5",), "Xmp.fstop.favorite"),)
"""How a program says that a picture is a favourite: icloudpd by five stars, and nothing else."""


def read_xmp(content: Content) -> Evidence:
    """Read a foreign sidecar; what is no XMP gives nothing."""
    text = read_text(content)
    root = parse_xml(text) if text else None
    return _said(root) if root is not None else {}


def read_packet(packet: bytes) -> Evidence:
    """Read an XMP packet that was cut out of a picture: nearly always sound, and UTF-8."""
    start = max(packet.find(b"<x:xmpmeta"), 0)
    root = parse_sound_xml(packet[start : packet.rfind(b">") + 1])
    if root is None:
        root = parse_xml(packet.decode("utf-8", "replace"))
    return _said(root) if root is not None else {}


def _said(root: "Element") -> Evidence:
    found: dict[str, Values] = {}
    for rdf in root.iter(f"{_RDF}RDF"):
        for key, values in _described(rdf):
            found[key] = (found.get(key, ()) + values)[:MAX_ITEMS]
    toolkit = root.get(_TOOLKIT, "")
    for program, key, values in _NO_CAMERAS:
        if toolkit.startswith(program) and found.get(key) == values:
            del found[key]
    for program, key, values, meant in _FAVOURITES:
        if toolkit.startswith(program) and found.get(key) == values:
            found.setdefault(meant, ("1",))
    return found


def _described(rdf: "Element") -> Iterator[tuple[str, Values]]:
    """Give what the descriptions of the picture itself say, one property after the other."""
    nodes = {name: node for node in rdf if (name := node.get(f"{_RDF}nodeID"))}
    for description in rdf.iterfind(f"{_RDF}Description"):
        if description.get(f"{_RDF}nodeID"):
            continue
        for name, value in description.items():
            key = _key(name)
            if key:
                yield key, (value,)
        for child in description:
            key = _key(child.tag)
            values = _values(child, nodes) if key else ()
            if key and values:
                yield key, values
            elif child.tag == f"{_REGIONS}Regions" and (faces := tuple(_faces(child))):
                yield "MWG.Face", faces


def _faces(regions: "Element") -> Iterator[str]:
    for region in regions.iter():
        name, kind = (
            region.get(f"{_REGIONS}{part}") or region.findtext(f"{_REGIONS}{part}") or ""
            for part in ("Name", "Type")
        )
        if kind == "Face" and name:
            yield name


@lru_cache(maxsize=4096)
def _key(tag: str) -> str | None:
    """Give exiv2's key of a property; None when the table of fields knows no such namespace."""
    namespace, _, name = tag.removeprefix("{").rpartition("}")
    return f"Xmp.{_PREFIXES[namespace]}.{name}" if namespace in _PREFIXES else None


def _values(node: "Element", nodes: Mapping[str, "Element"]) -> Values:
    """Give a property's values: a text, a list, or the default language of several."""
    shared = nodes.get(node.get(f"{_RDF}nodeID", ""))
    for holder in (*node, *([shared] if shared is not None else [])):
        if holder.tag in _LISTS:
            return tuple(item.text or "" for item in holder.iterfind(f"{_RDF}li"))
        if holder.tag == f"{_RDF}Alt":
            return _default_language(holder)
    text = node.get(f"{_RDF}resource") or node.text or ""
    return (text,) if len(node) == 0 and text.strip() else ()


def _default_language(alternatives: "Element") -> Values:
    items = alternatives.findall(f"{_RDF}li")
    default = [item for item in items if item.get(_LANGUAGE) == "x-default"]
    return tuple(item.text or "" for item in (default or items)[:1])
