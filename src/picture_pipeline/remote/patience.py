"""Ask a server once more when it is busy or away for a moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import httpx

from picture_pipeline.errors import Unavailable

T = TypeVar("T")

_PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between tries: a server that restarts behind a proxy gets seven and a half."""
_LONGEST_PAUSE = 30.0
_BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often, and how long, one is willing to wait."""

    sleep: Callable[[float], None]
    pauses: tuple[float, ...] = _PAUSES

    def send(
        self,
        client: httpx.Client,
        make: Callable[[], httpx.Request],
        take: Callable[[httpx.Response], T],
        shown: str,
    ) -> T:
        """Send a request until there is an answer that ``take`` can make something of.

        ``take`` closes the answer, or hands it on. Raises Unavailable, with
        ``shown`` for the server's address, after the last try.
        """
        problem = ""
        for planned in self._pauses():
            pause = planned
            try:
                response = client.send(make(), stream=True)
                if response.status_code not in _BUSY:
                    return take(response)
                problem = f"it answers {response.status_code}"
                pause = _asked_for(response, pause)
                response.close()
            except (httpx.TransportError, httpx.DecodingError) as error:
                problem = str(error) or type(error).__name__
            if pause is not None:
                self.sleep(pause)
        raise Unavailable(
            f"{shown}: the server does not answer ({problem}). Nothing was lost; see that it runs "
            "and can be reached from here, then run the command again"
        )

    def _pauses(self) -> Iterator[float | None]:
        yield from self.pauses
        yield None


def _asked_for(response: httpx.Response, pause: float | None) -> float | None:
    """Wait as long as the server asks for, within reason; never after the last try."""
    wish = response.headers.get("retry-after", "")
    if pause is None or not wish.isdecimal():
        return pause
    return min(float(wish[:6]), _LONGEST_PAUSE)
