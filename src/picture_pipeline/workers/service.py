"""What systemd wants to hear of a service; nothing where no service manager listens.

Source: sd_notify(3), sd_watchdog_enabled(3).
"""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

_NANO = 1_000_000


@dataclass(slots=True)
class ServiceManager:
    """Tells the service manager how we are; never raises, never waits."""

    address: str | None = None
    """Path of its socket; a first ``@`` stands for a null byte."""
    watchdog: float | None = None
    """Seconds within which it wants to hear of us."""
    seconds: Callable[[], float] = time.monotonic
    _told_at: float = float("-inf")

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "ServiceManager":
        """Take it from the environment that the service manager made."""
        microseconds = environ.get("WATCHDOG_USEC", "")
        meant = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watchdog = int(microseconds) / _NANO if meant and microseconds.isdecimal() else None
        return cls(environ.get("NOTIFY_SOCKET") or None, watchdog or None)

    def ready(self, status: str) -> None:
        """Say that we have begun."""
        self._send(f"READY=1\nSTATUS={status}")

    def status(self, text: str) -> None:
        """Say in a line what we do."""
        self._send(f"STATUS={text}")

    def stopping(self) -> None:
        """Say that we end."""
        self._send("STOPPING=1\nSTATUS=stopping")

    def alive(self) -> None:
        """Feed the watchdog; may be called as often as one likes."""
        if self.watchdog is None:
            return
        now = self.seconds()
        if now - self._told_at >= self.watchdog / 4:
            self._told_at = now
            self._send("WATCHDOG=1")

    def _send(self, text: str) -> None:
        if self.address is None:
            return
        address = self.address
        where = "\0" + address[1:] if address.startswith("@") else address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.sendto(text.replace("\0", "").encode(), socket.MSG_DONTWAIT, where)
