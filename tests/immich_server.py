"""An Immich server on localhost: its own API as 2.5.6 and 3.1.0 speak it, and faults on demand.

Uploads are real multipart; search pages for real; a key holds permissions.
What it was asked stands in its log.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from immich_library import EVERYTHING, Fault, Immich, told_error

_PATIENCE = 60


@contextmanager
def running(immich: Immich) -> Iterator[Immich]:
    """Answer, on the same port as before, while the block runs."""
    httpd = _Server(("127.0.0.1", immich.port), _Handler)
    httpd.immich = immich
    immich.port = httpd.server_address[1]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield immich
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    immich: Immich

    def handletold_error(self, *_: object) -> None:
        """Keep quiet about clients that go away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Write nothing: the log is the state's."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    @property
    def immich(self) -> Immich:
        return self.server.immich

    def _answer(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        path = urlsplit(self.path).path
        self.immich.log.append((self.command, path))
        fault = self._fault(path)
        if fault is not None and fault.status:
            self._fail(fault)
            return
        status, answer = self._reply(path, body)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        kind = "application/octet-stream" if isinstance(answer, bytes) else "application/json"
        if fault is not None:
            self._break_off(data, kind, fault)
        else:
            self._send(status, data, kind)

    def _fault(self, path: str) -> Fault | None:
        for fault in self.immich.faults:
            if fault.times > 0 and path.startswith(fault.path):
                if fault.after:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def _fail(self, fault: Fault) -> None:
        if fault.html:
            self._send(fault.status, b"<!doctype html><title>Welcome</title>", "text/html")
        else:
            more = {"retry-after": fault.retry_after} if fault.retry_after else {}
            self._send(
                fault.status, json.dumps(told_error(fault.status, "as wished")).encode(), **more
            )

    def _break_off(self, data: bytes, kind: str, fault: Fault) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        half = len(data) // 2
        self.wfile.write(data[:half])
        self.wfile.flush()
        if fault.hang is not None and fault.hang.wait(_PATIENCE):
            self.wfile.write(data[half:])
        self.close_connection = True

    def _send(self, status: int, data: bytes, kind: str = "application/json", **more: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "content-length": str(len(data)), **more}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _reply(self, path: str, body: bytes) -> tuple[int, Any]:
        """Find the route, ask for the key and its permission, and do it."""
        for method, pattern, permission, do in _ROUTES:
            match = re.fullmatch(pattern, path)
            if method != self.command or match is None:
                continue
            if permission is None:
                return do(self, "", match, body)
            user, held = self.immich.keys.get(self.headers.get("x-api-key", ""), ("", ()))
            if not user:
                return 401, told_error(401, "Invalid API key")
            if held != EVERYTHING and permission not in held:
                return 403, told_error(403, f"Missing required permission: {permission}")
            return do(self, user, match, body)
        return 404, told_error(404, f"Cannot {self.command} {path}")

    # ---- routes

    def version(self, *_: object) -> tuple[int, Any]:
        return 200, dict(zip(("major", "minor", "patch"), self.immich.version, strict=True))

    def me(self, user: str, *_: object) -> tuple[int, Any]:
        return 200, {"id": user, "email": "anna@example.org", "name": "Anna"}

    def search(self, user: str, _: object, body: bytes) -> tuple[int, Any]:
        items, following = self.immich.found(user, json.loads(body))
        assets = {"total": len(items), "count": len(items), "items": items, "facets": []}
        none: list[object] = []
        albums = {"total": 0, "count": 0, "items": none, "facets": none}
        return 200, {"albums": albums, "assets": {**assets, "nextPage": following}}

    def one(self, user: str, match: re.Match[str], _: object) -> tuple[int, Any]:
        asset = self.immich.assets.get(match[1])
        if asset is None or asset.about["ownerId"] != user:
            return 400, told_error(400, "Not found or no asset.read access")
        return 200, asset.about

    def original(self, user: str, match: re.Match[str], _: object) -> tuple[int, Any]:
        asset = self.immich.assets.get(match[1])
        if asset is None or asset.about["ownerId"] != user:
            return 400, told_error(400, "Not found or no asset.download access")
        return 200, asset.data

    def upload(self, user: str, _: object, body: bytes) -> tuple[int, Any]:
        fields = dict(_parts(self.headers["content-type"], body))
        data = fields.pop("assetData", b"")
        return self.immich.upload(user, fields, data, self.headers.get("x-immich-checksum", ""))

    def change(self, _user: object, _: object, body: bytes) -> tuple[int, Any]:
        wish = json.loads(body)
        for asset in wish.pop("ids"):
            self.immich.change(asset, **wish)
        return 204, b""

    def all_albums(self, *_: object) -> tuple[int, Any]:
        shared = parse_qs(urlsplit(self.path).query).get("shared") == ["true"]
        own = {} if shared else self.immich.albums
        return 200, [
            {"id": identity, "albumName": name, "assetCount": len(assets), "shared": False}
            for identity, (name, assets) in own.items()
        ]

    def all_tags(self, *_: object) -> tuple[int, Any]:
        return 200, [
            {"id": identity, "name": value.rpartition("/")[2], "value": value}
            for identity, (value, _) in self.immich.tags.items()
        ]

    def all_stacks(self, *_: object) -> tuple[int, Any]:
        return 200, [
            {
                "id": identity,
                "primaryAssetId": assets[0],
                "assets": [self.immich.assets[asset].about for asset in assets],
            }
            for identity, assets in self.immich.stacks.items()
        ]


_Route = Callable[[_Handler, str, re.Match[str], bytes], tuple[int, Any]]
_ID = r"([0-9a-f-]{36})"
_ROUTES: tuple[tuple[str, str, str | None, _Route], ...] = (
    ("GET", "/api/server/version", None, _Handler.version),
    ("GET", "/api/users/me", "user.read", _Handler.me),
    ("POST", "/api/search/metadata", "asset.read", _Handler.search),
    ("GET", f"/api/assets/{_ID}", "asset.read", _Handler.one),
    ("GET", f"/api/assets/{_ID}/original", "asset.download", _Handler.original),
    ("POST", "/api/assets", "asset.upload", _Handler.upload),
    ("PUT", "/api/assets", "asset.update", _Handler.change),
    ("GET", "/api/albums", "album.read", _Handler.all_albums),
    ("GET", "/api/tags", "tag.read", _Handler.all_tags),
    ("GET", "/api/stacks", "stack.read", _Handler.all_stacks),
)


def _parts(content_type: str, body: bytes) -> Iterable[tuple[str, Any]]:
    """Take a multipart body apart; the asset's own name comes as the field ``name``."""
    head = b"content-type: " + content_type.encode() + b"\r\n\r\n"
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        field_name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if field_name == "assetData":
            yield "name", part.get_filename()
            yield "assetData", data
        else:
            yield str(field_name), bytes(data or b"").decode()  # type: ignore[arg-type]  # no multipart within
