"""How to reach another program's server: its address, and the key to it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from picture_pipeline.errors import UsageError


@dataclass(frozen=True, slots=True)
class Access:
    """Address and key; the key shows in no representation."""

    url: str
    """Without ``/api`` and without a slash at its end."""
    key: str = field(repr=False)


def server_address(url: str) -> str:
    """Give a server's address in its one form; raises UsageError.

    Accepts what people copy: with or without ``/api``, with slashes at the end.
    """
    plain = url.strip().rstrip("/").removesuffix("/api").rstrip("/")
    try:
        parts = urlsplit(plain)
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"this address of a server cannot be understood: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(
            "a server's address must look like http://immich.lan:2283 or https://photos.example.org"
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            "a server's address must hold no user, password, ? or #; the key belongs into "
            "storage.immich.api_key_file"
        )
    return plain
