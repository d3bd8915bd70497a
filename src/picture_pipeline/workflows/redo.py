"""Redo records: a batch as JSON, and back."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache

from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.asset import AssetKind, Group, Membership, Role
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.original import Original, Refusal, Sighting
from picture_pipeline.model.rendition import RenditionEntry, Unrenderable
from picture_pipeline.model.run import Batch, Change, Publication
from picture_pipeline.model.told import Told
from picture_pipeline.model.trashed import SeenAt, Trashed

_VALUES: dict[str, Callable[..., object]] = {"dict": dict} | {
    cls.__name__: cls
    for cls in (
        Batch,
        Change,
        Event,
        Group,
        Membership,
        Original,
        PictureHash,
        Publication,
        Refusal,
        RenditionEntry,
        SeenAt,
        Sighting,
        Told,
        Trashed,
        Unrenderable,
    )
}

_LEAVES: tuple[
    tuple[type, str, Callable[..., object], Callable[..., object]], ...
] = (  # type, tag, to JSON, from JSON; a FileStamp is a tuple too, so it comes first
    (FileStamp, "FileStamp", list, lambda fields: FileStamp(*fields)),
    (bytes, "bytes", lambda data: base64.b64encode(data).decode("ascii"), base64.b64decode),
    (EventType, "EventType", lambda event: event.value, EventType),
    (Role, "Role", lambda role: role.value, Role),
    (AssetKind, "AssetKind", lambda kind: kind.value, AssetKind),
)
_PLAIN = frozenset((str, int, float, bool))
_READ = {tag: read for _, tag, _, read in _LEAVES}


def encode(batch: Batch) -> bytes:
    """Give the redo record of a batch."""
    return json.dumps(_plain(batch), separators=(",", ":")).encode("ascii")


def decode(data: bytes) -> Batch:
    """Read a redo record; raises IntegrityError when it is damaged."""
    try:
        batch = _value(json.loads(data))
        if not isinstance(batch, Batch):
            raise TypeError(batch)  # noqa: TRY301 - told like all other damage
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(
            "a redo record below .picture-pipeline/incoming is damaged; move its folder aside "
            "(its files are copies, your sources still hold them), then run the command again"
        ) from error
    return batch


@cache
def _told(kind: type) -> tuple[tuple[str, object], ...]:
    """Give the fields of a value, each with what it need not be told for: its default."""
    return tuple((field.name, field.default) for field in fields(kind))


def _plain(value: object) -> object:
    """Give what JSON can hold; most of it is plain already, so that is asked first."""
    if value is None or type(value) in _PLAIN:
        return value
    for kind, tag, write, _ in _LEAVES:
        if isinstance(value, kind):
            return {"is": tag, "value": write(value)}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {"is": "dict", "fields": {key: _plain(item) for key, item in value.items()}}
    if is_dataclass(value) and not isinstance(value, type):
        told = ((n, getattr(value, n), default) for n, default in _told(type(value)))
        named = {name: _plain(each) for name, each, default in told if each != default}
        return {"is": type(value).__name__, "fields": named}
    return value


def _value(plain: object) -> object:
    match plain:
        case {"is": str(tag), "value": value}:
            return _READ[tag](value)
        case {"is": str(tag), "fields": dict(named)}:
            return _VALUES[tag](**{key: _value(item) for key, item in named.items()})
        case list():
            return tuple(_value(item) for item in plain)
        case _:
            return plain
