"""picture-pipeline: the one source of truth for a family's pictures.

``PhotoStorage`` is the public Python face; everything else is the product's
own house and may change (see CONTRIBUTING.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from picture_pipeline.bootstrap import PhotoStorage

__all__ = ["PhotoStorage", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    # Wiring imports every room; `picture-pipeline --help` must not pay for it.
    if name == "PhotoStorage":
        from picture_pipeline.bootstrap import PhotoStorage  # noqa: PLC0415 - lazy on purpose

        return PhotoStorage
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
