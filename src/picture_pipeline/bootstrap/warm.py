"""What every worker needs, imported once by the fork server before it forks the first of them.

Here alone something happens at import, because that is all a fork server offers:
the shapes of the time zones take 80 ms and 33 MB to unfold, which the workers then share.
"""

import gc
from importlib import import_module

from picture_pipeline.metadata.parsing.zones import zone_at

_ROOMS = (
    "metadata.completeness",
    "metadata.picture_data",
    "metadata.quick",
    "metadata.reader",
    "metadata.recognition.recognise",
    "metadata.sidecar",
    "originals.staging",
    "originals.store",
    "renditions.pdq",
    "renditions.still",
    "renditions.tree",
    "workflows.inspect",
    "workflows.tie",
)

for each in _ROOMS:
    import_module(f"picture_pipeline.{each}")
zone_at(0.0, 0.0)
gc.collect()
gc.freeze()  # the collector need not walk what all workers share
