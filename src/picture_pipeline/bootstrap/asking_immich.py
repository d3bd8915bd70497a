"""From the configuration to an Immich server: as a source, and as a worker's way to bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec
from picture_pipeline.model.inspected import Failed, InspectJob, OpenedFile
from picture_pipeline.ports import AssetServer
from picture_pipeline.remote.access import Access, server_address
from picture_pipeline.sources.immich_api import KIND, ImmichSource
from picture_pipeline.sources.immich_bytes import ImmichBytes, PathPair

if TYPE_CHECKING:
    from picture_pipeline.remote.immich import ImmichServer

NAME = "immich"
"""What the server of storage.yaml is called as a source."""
_SCHEMES = (b"http://", b"https://")
_LONGEST_KEY = 4096


@dataclass(frozen=True, slots=True)
class ImmichKey:
    """The API key, and where paths of the server lie here; goes to workers through their pipe."""

    paths: tuple[PathPair, ...] = ()
    key: str | None = field(default=None, repr=False)
    file: Path | None = None

    def access(self, address: bytes) -> Access:
        """Give the way to a server; raises UsageError without a key."""
        key = self.key or self._read()
        if not key:
            raise UsageError(
                "there is no key for Immich; make one (Account Settings, API Keys) and put it into "
                "a file named by storage.immich.api_key_file, or into storage.immich.api_key"
            )
        if not (key.isascii() and key.isprintable()):
            raise UsageError("the key for Immich holds signs that no key has; copy it once more")
        return Access(server_address(address.decode("utf-8", "replace")), key)

    def _read(self) -> str:
        if self.file is None:
            return ""
        try:
            with self.file.open("rb") as file:
                return file.read(_LONGEST_KEY).decode("utf-8", "replace").strip()
        except OSError as error:
            raise UsageError(
                f"{self.file}: the key for Immich cannot be read ({error.strerror}); correct "
                "storage.immich.api_key_file"
            ) from error


def immich_key(config: Config) -> ImmichKey:
    """Take key and paths from the configuration; nothing is read yet."""
    server = config.storage.immich
    paths = tuple(PathPair(pair.server, str(pair.local)) for pair in server.paths)
    return ImmichKey(paths, server.api_key, server.api_key_file)


def is_address(argument: bytes) -> bool:
    """Tell whether an argument is a server's address, and no path."""
    return argument.lower().startswith(_SCHEMES)


def configured_server(config: Config) -> SourceSpec | None:
    """Give the server of storage.yaml as the source ``immich``; raises UsageError."""
    url = config.storage.immich.url
    return None if url is None else _spec(NAME, server_address(url))


def server_at(argument: bytes, config: Config, name: str | None = None) -> SourceSpec:
    """Give the server at an address as a source; raises UsageError.

    Without a name it is called as storage.yaml calls it, else by its address.
    """
    address = server_address(argument.decode("utf-8", "replace"))
    known = configured_server(config)
    if name is None and known is not None and known.path == address.encode():
        return known
    return _spec(name or address, address)


def _spec(name: str, address: str) -> SourceSpec:
    return SourceSpec(SourceName(name), address.encode(), KIND)


def open_server(
    spec: SourceSpec,
    only: frozenset[bytes] | None,
    _forbidden: frozenset[tuple[int, int]],
    config: Config,
) -> ImmichSource:
    """Make the source of a server; nothing is asked of it yet. Raises UsageError."""
    if only is not None or not is_address(spec.path):
        raise UsageError(
            "a source of kind immich_api is a server: give its address, such as "
            "http://immich.lan:2283, as storage.immich.url, then call: import immich"
        )
    access = immich_key(config).access(spec.path)

    @contextmanager
    def connect() -> Iterator[AssetServer]:
        server = _server(access)
        try:
            yield server
        finally:
            server.close()

    return ImmichSource(spec, connect)


def immich_bytes(key: ImmichKey, scratch: Path) -> Callable[[InspectJob], OpenedFile | Failed]:
    """Make, in a worker, what opens Immich's assets; servers are asked when first needed."""
    return ImmichBytes(cache(lambda address: _server(key.access(address))), key.paths, scratch)


def _server(access: Access) -> "ImmichServer":
    from picture_pipeline.remote.immich import ImmichServer  # noqa: PLC0415 - httpx costs 0.1 s

    return ImmichServer(access)
