"""HEIF and AVIF sequences: the primary picture, or the first one of a sequence without."""

import logging
from collections.abc import Callable

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.ports import Content
from picture_pipeline.renditions import video
from picture_pipeline.renditions.canvas import Canvas, Demand

_LOG = logging.getLogger(__name__)


def decode(
    content: Content, demand: Demand, still: Callable[[bytes, Demand], Canvas | Unrenderable]
) -> Canvas | Unrenderable:
    """Decode by the decoder of the same format's stills, else as the film that it also is.

    A burst is written with a primary picture, an animation often without
    (ISO/IEC 23008-12, section 7). Raises what the film decoder raises.
    """
    try:
        canvas = still(content.whole(), demand)
    except (ValueError, OSError, SyntaxError, RuntimeError) as error:
        canvas = Unrenderable("undecodable", str(error))
    if isinstance(canvas, Canvas):
        return canvas
    _LOG.debug("no primary picture, the film's turn: %s", canvas.detail)
    return video.decode(content, demand, "mov")
