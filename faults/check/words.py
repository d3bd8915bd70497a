"""Names from docs/format.md that the check goes by; one place to follow a format change."""

import re
from typing import Final

SIZES: Final = {"tiny": (150, 150), "small": (500, 500), "medium": (1920, 1080)}
"""Boxes in pixels that the renditions fit inside."""

SHA256: Final = re.compile(rb"[0-9a-f]{64}")
DAY: Final = re.compile(rb"\d{4}/\d{2}/\d{2}")
ORIGINAL: Final = re.compile(rb"(\d{4}/\d{2}/\d{2})/([0-9a-f]{64})\.([0-9a-z]{1,8})")
RENDITION: Final = re.compile(rb"(tiny|small|medium)/([0-9a-f]{2})/([0-9a-f]{64})\.jpg")
QUICK: Final = re.compile(rb"(metadata)/([0-9a-f]{2})/([0-9a-f]{64})\.json")

PP_SHA256: Final = "sha256"
INGEST_FACTS: Final = frozenset({"ingest"})
"""Parts of the names of facts that tell when a file was made."""
FIRST_SIGHTING: Final = frozenset({"source", "path", "PreservedFileName", "original_name"})
"""Parts of the names of facts that depend on which of two equal files came first."""

IMPORT_STATUSES: Final = frozenset({0, 1, 3})
"""What an import may answer to a fault; 2 is misuse, 4 broken bytes, others a crash."""

CAME: Final = frozenset({("ingestion", "archived"), ("ingestion", "restored")})
"""Type and outcome of events that an original came in by; later sightings say duplicate."""
WENT: Final = ("deletion", "trashed")
"""Type and outcome of the event that an original left for the trash by."""
