"""Wiring: the only package that knows every room.

From a Config it makes the objects that commands and ``PhotoStorage`` use.
What is heavy (native decoders) is imported in worker processes only.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from picture_pipeline.bootstrap.storage import PhotoStorage

__all__ = ["PhotoStorage"]


def __getattr__(name: str) -> object:
    if name == "PhotoStorage":
        from picture_pipeline.bootstrap.storage import PhotoStorage  # noqa: PLC0415 - see above

        return PhotoStorage
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
