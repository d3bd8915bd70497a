"""What systemd is told."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from picture_pipeline.workers.service import ServiceManager


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(tmp_path / "notify"))
        made.settimeout(5)
        yield made


def manager(heard: socket.socket, watchdog: float | None = None, now: float = 0) -> ServiceManager:
    return ServiceManager(str(heard.getsockname()), watchdog, lambda: now)


def test_ready_comes_with_a_status(heard: socket.socket) -> None:
    manager(heard).ready("watching phone")
    assert heard.recv(4096) == b"READY=1\nSTATUS=watching phone"


def test_an_abstract_socket_begins_with_a_null_byte() -> None:
    name = f"picture-pipeline-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(f"\0{name}")
        ServiceManager(f"@{name}").stopping()
        assert made.recv(4096).startswith(b"STOPPING=1")


def test_the_watchdog_is_fed_no_more_often_than_it_needs(heard: socket.socket) -> None:
    times = iter([0.0, 1.0, 2.0, 2.5, 5.0])
    service = ServiceManager(str(heard.getsockname()), 8.0, lambda: next(times))
    for _ in range(5):
        service.alive()
    heard.setblocking(False)  # noqa: FBT003 - the library's signature
    fed = 0
    while True:
        try:
            assert heard.recv(4096) == b"WATCHDOG=1"
        except BlockingIOError:
            break
        fed += 1
    assert fed == 3


def test_without_a_watchdog_nothing_is_fed(heard: socket.socket) -> None:
    service = manager(heard)
    service.alive()
    service.status("last")
    assert heard.recv(4096) == b"STATUS=last"


@pytest.mark.parametrize(
    ("environ", "address", "watchdog"),
    [
        ({}, None, None),
        ({"NOTIFY_SOCKET": ""}, None, None),
        ({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "30000000"}, "/run/n", 30.0),
        ({"WATCHDOG_USEC": "soon"}, None, None),
        ({"WATCHDOG_USEC": "0"}, None, None),
        ({"WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}, None, None),
    ],
)
def test_the_environment_says_where(
    environ: dict[str, str], address: str | None, watchdog: float | None
) -> None:
    service = ServiceManager.of(environ)
    assert (service.address, service.watchdog) == (address, watchdog)


def test_a_socket_that_is_gone_harms_nobody(tmp_path: Path) -> None:
    service = ServiceManager(str(tmp_path / "gone"))
    service.ready("x")
    assert service.address is not None
