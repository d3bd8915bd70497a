"""What an Immich server holds: assets, albums, tags, stacks, keys; no network.

Shapes and rules as measured on versions 2.5.6 and 3.1.0.
"""

import base64
import hashlib
import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

Json = dict[str, Any]

INSIDE = "/usr/src/app/upload"
"""Where the server's own container has its files."""
EVERYTHING = ("all",)
_SEARCHED = {"timeline", "archive"}


@dataclass(slots=True)
class Fault:
    """What goes wrong with requests whose path begins with this."""

    path: str
    times: int
    status: int = 0
    """0: the connection breaks off in the middle of the answer."""
    html: bool = False
    hang: threading.Event | None = None
    """Half of the answer; the rest when this is set."""
    retry_after: str = ""
    after: int = 0
    """How many such requests are answered well before."""


@dataclass(slots=True)
class Asset:
    """An asset and its bytes."""

    about: Json
    data: bytes
    external: bool = False


@dataclass
class Immich:
    """The state of a server; ``immich_server.running`` makes it answer."""

    media: Path | None = None
    """Where its files lie on this computer, if anywhere."""
    version: tuple[int, int, int] = (3, 1, 0)
    largest_page: int = 1000
    unordered: bool = False
    """Whether it takes no notice of the order that it is asked for."""
    keys: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """User and permissions by key."""
    assets: dict[str, Asset] = field(default_factory=dict)
    albums: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    tags: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    partners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By user: those who share their timeline with them."""
    faults: list[Fault] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)
    searches: list[Json] = field(default_factory=list)
    clock: Iterator[int] = field(default_factory=lambda: iter(range(1, 1 << 30)))
    port: int = 0

    def key(self, *permissions: str, user: str = "") -> str:
        """Make a key for a user, a new one when none is given."""
        secret = f"secret-{len(self.keys)}-{uuid4().hex}"
        self.keys[secret] = (user or str(uuid4()), permissions or EVERYTHING)
        return secret

    @property
    def url(self) -> str:
        """Its address while it answers."""
        return f"http://127.0.0.1:{self.port}"

    def asked(self, pattern: str) -> int:
        """Count the requests whose method and path match."""
        return sum(1 for line in self.log if re.search(pattern, " ".join(line)))

    @property
    def downloads(self) -> Counter[str]:
        """How often each asset's bytes were asked for."""
        found = (re.fullmatch(r"/api/assets/([^/]+)/original", path) for _, path in self.log)
        return Counter(match[1] for match in found if match)

    # ---- what a person, or the server's own jobs, change

    def external(self, user: str, name: str, data: bytes, taken: str, **more: object) -> str:
        """Add an asset of an external library; its checksum is of its path."""
        path = f"/mnt/library/{name}"
        made = self.put(user, name, data, taken, **more)
        asset = self.assets[made]
        asset.external = True
        digest = hashlib.sha1(b"path:" + path.encode()).digest()  # noqa: S324 - Immich's own
        asset.about |= {
            "originalPath": path,
            "libraryId": str(uuid4()),
            "isExternal": True,
            "checksum": base64.b64encode(digest).decode(),
        }
        return made

    def put(self, user: str, name: str, data: bytes, taken: str, **more: object) -> str:
        """Take an asset in, as an upload does; gives its id."""
        identity = str(uuid4())
        place = f"upload/{user}/{identity[:2]}/{identity[2:4]}/{identity}{Path(name).suffix}"
        if self.media is not None:
            (self.media / place).parent.mkdir(parents=True, exist_ok=True)
            (self.media / place).write_bytes(data)
        about = self._about(user, name, data, taken) | {
            "id": identity,
            "originalPath": f"{INSIDE}/{place}",
        }
        self.assets[identity] = Asset(about | more, data)
        film = self.assets.get(str(more.get("livePhotoVideoId")))
        if film is not None:
            film.about["visibility"] = "hidden"
        return identity

    def _about(self, user: str, name: str, data: bytes, taken: str) -> Json:
        digest = hashlib.sha1(data).digest()  # noqa: S324 - Immich's own
        return {
            "createdAt": self._now(),
            "ownerId": user,
            "libraryId": None,
            "type": "VIDEO" if Path(name).suffix.lower() in {".mov", ".mp4"} else "IMAGE",
            "originalFileName": name,
            "originalMimeType": "application/octet-stream",
            "thumbhash": None,
            "fileCreatedAt": taken,
            "fileModifiedAt": taken,
            "localDateTime": taken,
            "updatedAt": self._now(),
            "isFavorite": False,
            "isArchived": False,
            "isTrashed": False,
            "isOffline": False,
            "visibility": "timeline",
            "duration": "0:00:00.00000",
            "livePhotoVideoId": None,
            "people": [],
            "checksum": base64.b64encode(digest).decode(),
            "hasMetadata": True,
            "duplicateId": None,
            "exifInfo": {"fileSizeInByte": len(data), "description": "", "rating": None},
        }

    def change(self, asset: str, exif: Mapping[str, object] | None = None, **more: object) -> None:
        """Change what is told of an asset."""
        about = self.assets[asset].about
        about |= {**more, "updatedAt": self._now()}
        about["isArchived"] = about["visibility"] == "archive"
        if exif is not None:
            about["exifInfo"] = {**(about["exifInfo"] or {}), **exif}

    def forget_exif(self, asset: str) -> None:
        """Be as before the first look at a file."""
        self.assets[asset].about["exifInfo"] = None

    def name_people(self, asset: str, *names: str) -> None:
        """Recognise people; an empty name is somebody whom nobody named."""
        people = [{"id": str(uuid4()), "name": name, "faces": []} for name in names]
        self.change(asset, people=people)

    def album(self, name: str, *assets: str) -> None:
        """Make an album."""
        self.albums[str(uuid4())] = (name, list(assets))

    def tag(self, value: str, *assets: str) -> None:
        """Make a tag."""
        self.tags[str(uuid4())] = (value, list(assets))

    def stack(self, *assets: str) -> str:
        """Stack assets."""
        identity = str(uuid4())
        self.stacks[identity] = list(assets)
        return identity

    def _now(self) -> str:
        return f"2026-05-01T10:00:00.{next(self.clock) % 1000:03}Z"

    # ---- what it answers

    def found(self, user: str, query: Json) -> tuple[list[Json], str | None]:
        """Search as ``POST /api/search/metadata`` does."""
        self.searches.append(query)
        wanted = [a for a in self.assets.values() if self._matches(a, user, query)]
        wanted.sort(
            key=lambda a: (a.about["fileCreatedAt"], a.about["id"]),
            reverse=query.get("order", "desc") == "desc",
        )
        if self.unordered:
            wanted.reverse()
        size, page = min(query.get("size", 250), self.largest_page), query.get("page", 1)
        some = wanted[(page - 1) * size : page * size]
        more = str(page + 1) if len(wanted) > page * size else None
        return [self._shown(asset, query) for asset in some], more

    def _matches(self, asset: Asset, user: str, query: Json) -> bool:
        about = asset.about
        visible = {query["visibility"]} if "visibility" in query else _SEARCHED
        return (
            about["ownerId"] in {user, *self.partners.get(user, ())}
            and about["visibility"] in visible
            and (query.get("withDeleted", False) or not about["isTrashed"])
            and about["fileCreatedAt"] >= query.get("takenAfter", "")
            and (not query.get("withExif") or about["exifInfo"] is not None)
            and self._is_among(about["id"], query)
        )

    def _is_among(self, asset: str, query: Json) -> bool:
        in_albums = all(asset in self.albums[album][1] for album in query.get("albumIds", ()))
        return in_albums and all(
            any(
                asset in assets
                for value, assets in self.tags.values()
                if f"{value}/".startswith(self.tags[tag][0] + "/")
            )
            for tag in query.get("tagIds", ())
        )

    def _shown(self, asset: Asset, query: Json) -> Json:
        kept = {"exifInfo"} if query.get("withExif") else set()
        kept |= {"people"} if query.get("withPeople") else set()
        return {k: v for k, v in asset.about.items() if k not in {"exifInfo", "people"} - kept}

    def upload(self, user: str, fields: Json, data: bytes, checksum: str) -> tuple[int, Json]:
        """Take in what was uploaded; the same bytes of the same person only once."""
        required = ["fileCreatedAt", "fileModifiedAt"]
        required += ["deviceAssetId", "deviceId"] if self.version[0] < 3 else []
        missing = [name for name in required if name not in fields]
        if missing or not data:
            return 400, told_error(400, f"{', '.join(missing)} should not be empty")
        digest = hashlib.sha1(data).hexdigest()  # noqa: S324 - Immich's own
        if checksum and checksum != digest:
            return 400, told_error(400, "checksum does not fit")
        for asset in self.assets.values():
            if asset.about["ownerId"] == user and asset.data == data and not asset.external:
                return 200, {"id": asset.about["id"], "status": "duplicate"}
        more: Json = {"fileModifiedAt": fields["fileModifiedAt"]}
        if "livePhotoVideoId" in fields:
            more["livePhotoVideoId"] = fields["livePhotoVideoId"]
        more["isFavorite"] = fields.get("isFavorite") == "true"
        made = self.put(user, fields["name"], data, fields["fileCreatedAt"], **more)
        return 201, {"id": made, "status": "created"}


def told_error(status: int, message: str) -> Json:
    return {"message": message, "error": "as told", "statusCode": status, "correlationId": "x"}
