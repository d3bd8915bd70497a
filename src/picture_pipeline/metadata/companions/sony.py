"""``C0001M01.XML``: what Sony's cameras write beside a film, ``NonRealTimeMeta``.

Professional Disc "non real time metadata", versions 1.x and 2.x; only the
namespace tells them apart. The position stands in a group called ExifGPS, with
EXIF's names and degrees, minutes and seconds divided by colons.
"""

from typing import TYPE_CHECKING

from picture_pipeline.metadata.companions.markup import local_name, parse_xml, read_text
from picture_pipeline.metadata.parsing.values import Evidence, Values
from picture_pipeline.ports import Content

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # types only; defusedxml does the parsing

_ATTRIBUTES = (
    ("CreationDate", "value", "Sony.CreationDate"),
    ("Device", "manufacturer", "Sony.Manufacturer"),
    ("Device", "modelName", "Sony.ModelName"),
    ("Lens", "modelName", "Sony.LensModelName"),
)
_POSITION = (
    *("LatitudeRef", "Latitude", "LongitudeRef", "Longitude"),
    *("AltitudeRef", "Altitude"),
)
"""Not the time of the fix: CreationDate is local and has its offset."""


def read_camera_xml(content: Content) -> Evidence:
    """Read a camera's XML; keys are ``Sony.*`` and, of the position, ``Exif.GPSInfo.*``."""
    text = read_text(content)
    root = parse_xml(text) if text else None
    if root is None or local_name(root.tag) != "NonRealTimeMeta":
        return {}
    found: dict[str, Values] = {}
    for node in root.iter():
        for element, attribute, key in _ATTRIBUTES:
            if local_name(node.tag) == element and (value := node.get(attribute)):
                found.setdefault(key, (value,))
        if local_name(node.tag) == "Group" and node.get("name") == "ExifGPS":
            found.update(_position(node))
    return found


def _position(group: "Element") -> Evidence:
    items = {item.get("name"): item.get("value") or "" for item in group}
    return {
        f"Exif.GPSInfo.GPS{name}": (items[name].replace(":", " "),)
        for name in _POSITION
        if items.get(name)
    }
