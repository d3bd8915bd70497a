"""Reading a companion of any type: evidence for the one table of fields."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from picture_pipeline.metadata.companions.edits import read_edit
from picture_pipeline.metadata.companions.notes import read_notes
from picture_pipeline.metadata.companions.sony import read_camera_xml
from picture_pipeline.metadata.companions.sound import read_sound
from picture_pipeline.metadata.companions.xmp import read_xmp
from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.formats import AAE, CAMERA_XML, JSON, WAV, XMP
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, TakenFrom
from picture_pipeline.ports import Content

_TEXTS: Mapping[str, Callable[[Content], Evidence]] = {
    AAE.name: read_edit,
    XMP.name: read_xmp,
    CAMERA_XML.name: read_camera_xml,
    JSON.name: read_notes,
}
_OUTSIDE = frozenset({TakenFrom.TAKEOUT, TakenFrom.NAME, TakenFrom.MTIME})


def open_companion(content: Content, media_type: MediaType) -> Contents:
    """Find what a companion says; what cannot be read gives less, never an exception."""
    if media_type.name == WAV.name:
        sound = read_sound(content)
        return Contents(evidence=sound.evidence, duration=sound.duration)
    return Contents(evidence=read_companion(content, media_type))


def read_companion(content: Content, media_type: MediaType) -> Evidence:
    """Give the evidence of one companion under the keys of the field table.

    Foreign XMP speaks in exiv2's keys (``Xmp.dc.title``), the others in
    ``Takeout.*``, ``ImmichGo.*``, ``AAE.*``, ``Sony.*`` and ``WAV.*``.
    """
    if media_type.name == WAV.name:
        return read_sound(content).evidence
    read = _TEXTS.get(media_type.name)
    return read(content) if read else {}


def as_companions(capture: Capture) -> Capture:
    """Mark a capture time as a companion's word: it is no picture's own tag."""
    if capture.taken_from in _OUTSIDE:
        return capture
    return replace(capture, taken_from=TakenFrom.SIDECAR)
