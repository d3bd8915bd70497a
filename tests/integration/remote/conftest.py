"""An Immich server that answers, and a client that does not wait."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from immich_library import Immich
from immich_server import running
from picture_pipeline.remote.access import Access
from picture_pipeline.remote.immich import ImmichServer
from picture_pipeline.remote.patience import Patience

Connect = Callable[..., ImmichServer]


@pytest.fixture
def immich() -> Iterator[Immich]:
    with running(Immich()) as answering:
        yield answering


@pytest.fixture
def pauses() -> list[float]:
    """What the client would have waited."""
    return []


@pytest.fixture
def connect(immich: Immich, pauses: list[float]) -> Iterator[Connect]:
    """Make a client with a key; it is closed in the end."""
    with ExitStack() as stack:

        def connected(key: str | None = None, seconds: float = 30.0) -> ImmichServer:
            access = Access(immich.url, immich.key() if key is None else key)
            server = ImmichServer(access, Patience(pauses.append), httpx.Timeout(seconds))
            stack.callback(server.close)
            return server

        yield connected
