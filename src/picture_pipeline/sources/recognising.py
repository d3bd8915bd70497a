"""What a glimpse of a folder says of the program or device that fills it; pure.

Each function knows one kind by the names that only it makes. Layouts seen in
icloudpd 1.32, Immich 3.1, DCF (JEITA CP-3461), Sony XAVC and AVCHD cards,
Apple Photos libraries, PhotoSync and Synology's own programs.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from picture_pipeline.sources.glimpse import Glimpse


@dataclass(frozen=True, slots=True)
class Guess:
    """How sure it is that a folder is of a kind, and why."""

    confidence: float
    """0 to 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """One thing that speaks for a kind: names that match, and how strongly."""

    weight: float
    reason: str
    pattern: re.Pattern[bytes]
    share: float = 0.0
    """Least share of the names that must match; 0: one is enough."""


def _sign(weight: float, reason: str, pattern: bytes, share: float = 0.0) -> _Sign:
    return _Sign(weight, reason, re.compile(pattern, re.DOTALL), share)


_ICLOUDPD_TREE = _sign(
    0.35, "folders by day", rb"(?:[^/]+/)?(?:19|20)\d\d/[01]\d/[0-3]\d/[^/]+\Z", share=0.6
)
_ICLOUDPD = (
    _sign(0.5, "a live video called _HEVC.MOV", rb"(?:.*/)?[^/]+_HEVC(?:-\d+)?\.MOV\Z"),
    _sign(0.5, "icloudpd's unfinished downloads", rb"(?:.*/)?[A-Z2-7]{16,}=*\.part\Z"),
    _sign(0.4, "its mount's marker .mounted", rb"\.mounted\Z|[^/]+/\.mounted\Z"),
    _sign(
        0.4,
        "names with seven signs of an id",
        rb"(?:.*/)?[^/]+_(?=[^/.]*[A-Z])(?=[^/.]*[a-z])[\w+=-]{7}(?:_HEVC)?\.[A-Z0-9]{3,4}\Z",
        share=0.3,
    ),
    _sign(
        0.3,
        "names with sizes behind them",
        rb"(?:.*/)?(?:IMG|FullSizeRender)[^/]*-\d{5,9}\.[A-Z0-9]{3,4}\Z",
    ),
    _sign(0.3, "edited copies called -adjusted", rb"(?:.*/)?[^/]+-adjusted\.[A-Z0-9]{3,4}\Z"),
    _sign(0.25, "sidecars behind the whole name", rb"(?:.*/)?[^/]+\.(?:HEIC|JPG|PNG|MOV)\.xmp\Z"),
    _sign(
        0.25, "names as an iPhone gives them", rb"(?:.*/)?IMG_\d{4}[^/]*\.(?:HEIC|JPG|MOV)\Z", 0.5
    ),
)

_OWN_PHONE = (
    rb"[^/]*(?:(?:'|\xe2\x80\x99)s (?i:iphone|ipad)|(?i:iphone|ipad) (?:von|de|di|van|of) )[^/]*"
)
_PHONE = rb"[^/]*\b(?i:iphone|ipad|ipod|pixel|galaxy|android|xiaomi|huawei|oneplus)\b[^/]*"
_ALBUM = rb"(?![\d._ -]+/)[^/]+"
"""No date: that is how people sort pictures by hand."""
_PHONE_NAME = re.compile(_PHONE + rb"\Z", re.DOTALL)
CAMERA_ROLLS = frozenset(
    (
        *("recents", "camera roll", "all photos", "recently added", "zuletzt", "alle fotos"),
        *("aufnahmen", "récents", "pellicule", "toutes les photos", "recientes", "carrete"),
        *("recenti", "rullino foto", "recente", "filmrol"),
    )
)
"""What phones call all that they hold: no album that anybody made."""
_ROLL = b"|".join(re.escape(name.encode()) for name in sorted(CAMERA_ROLLS))

_A_NAS_MARK = 0.55
_SYNOLOGY = (
    _sign(0.6, "Synology's @eaDir", rb"(?:.*/)?@eaDir\Z"),
    _sign(0.6, "Synology's #recycle", rb"#recycle\Z"),
    _sign(0.5, "Synology's #snapshot", rb"#snapshot\Z"),
    _sign(0.5, "a phone's MobileBackup", rb"(?:.*/)?MobileBackup\Z"),
)
_SYNOLOGY_FILES = (
    _sign(0.5, "Synology's thumbnails", rb"(?:.*/)?SYNO(?:PHOTO|FILE)_THUMB_[^/]*\Z"),
)

_APPLE_FOLDER = re.compile(rb"\d{3}APPLE\Z|20\d{2}(?:0[1-9]|1[0-2])_[a-z_]\Z")
_DCF_FOLDER = re.compile(rb"[1-9]\d{2}[0-9A-Z_]{5}\Z")
_CARD_FOLDERS = re.compile(rb"(?:.*/)?(?:M4ROOT|AVCHD|BDMV)\Z")
_RSYNC = re.compile(rb"(?:.*/)?\.[^/]+\.[A-Za-z0-9]{6}\Z", re.DOTALL)
_RSYNC_FOLDER = re.compile(rb"(?:.*/)?\.(?:~tmp~|rsync-partial)\Z")

_IMMICH_KEPT = frozenset((b"library", b"upload"))
_IMMICH_MADE = frozenset((b"thumbs", b"encoded-video", b"profile", b"backups"))
_IMMICH_NAMES = _IMMICH_KEPT | _IMMICH_MADE
_IMMICH_UPLOAD = re.compile(
    rb"(?:upload/)?[0-9a-f-]{36}/([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f-]{32}\.[^/]+\Z"
)
_BUNDLE = b".photoslibrary"


def is_phone(name: bytes) -> bool:
    """Tell whether a folder is called as phones and tablets are."""
    return _PHONE_NAME.match(name) is not None


def recognise_icloudpd(glimpse: Glimpse) -> Guess | None:
    """Tell by icloudpd's own names; a tree of days alone might be anybody's."""
    names = _sum_up(_ICLOUDPD, glimpse.files)
    if names is None:
        return None
    tree = _sum_up((_ICLOUDPD_TREE,), glimpse.files)
    return _both(names, tree)


def recognise_synology(glimpse: Glimpse) -> Guess | None:
    """Tell by what a Synology NAS puts beside pictures."""
    folders = _sum_up(_SYNOLOGY, glimpse.folders)
    guess = _both(folders, _sum_up(_SYNOLOGY_FILES, glimpse.files))
    # Whatever else fills a shared folder, the NAS leaves its marks there.
    return guess and Guess(min(guess.confidence, _A_NAS_MARK), guess.reason)


def recognise_photosync(glimpse: Glimpse) -> Guess | None:
    """Tell by phones that hold albums: ``Anna's iPhone/Holiday/IMG_1.JPG``."""
    inside = is_phone(glimpse.name) and not any(map(is_phone, glimpse.top))
    device = b"" if inside else _PHONE + b"/"
    phones = [glimpse.name] if inside else glimpse.top
    own = any(re.match(_OWN_PHONE, name) for name in phones)
    signs = (
        _sign(0.55 if own else 0.4, "a phone's albums", device + _ALBUM + rb"/[^/]+\Z", share=0.6),
        _sign(0.35, "a phone's camera roll", rb"(?:[^/]+/)?(?i:" + _ROLL + rb")/[^/]+\Z"),
    )
    guess = _sum_up(signs, glimpse.files)
    return _both(guess, _copies(glimpse)) if guess else None


def recognise_iphone(glimpse: Glimpse) -> Guess | None:
    """Tell by the folders that iOS makes in DCIM."""
    found = sorted(filter(_APPLE_FOLDER.match, _below_dcim(glimpse)))
    return Guess(0.95, f"DCIM holds {_text(found[0])}") if found else None


def recognise_camera(glimpse: Glimpse) -> Guess | None:
    """Tell by DCF's folders, or those of AVCHD and Sony's XAVC."""
    clips = sorted(filter(_CARD_FOLDERS.match, glimpse.folders))
    if clips:
        return Guess(0.95, f"it holds {_text(clips[0])}")
    folders = (name for name in _below_dcim(glimpse) if _DCF_FOLDER.match(name))
    found = sorted(name for name in folders if not _APPLE_FOLDER.match(name))
    return Guess(0.9, f"DCIM holds {_text(found[0])}") if found else None


def recognise_immich(glimpse: Glimpse) -> Guess | None:
    """Tell by Immich's own folders and its markers, also from inside one of them."""
    present = glimpse.top & _IMMICH_NAMES
    marked = [name for name in sorted(present) if name + b"/.immich" in glimpse.files]
    if marked:
        return Guess(0.98, f"{_text(marked[0])}/ bears Immich's marker .immich")
    if b".immich" in glimpse.top_files and glimpse.name in _IMMICH_NAMES:
        return Guess(0.98, f"it is Immich's {_text(glimpse.name)}/, with the marker .immich")
    if present & _IMMICH_KEPT and present & {b"thumbs", b"encoded-video"}:
        return Guess(0.85, "it holds Immich's folders " + ", ".join(map(_text, sorted(present))))
    if any(map(_IMMICH_UPLOAD.match, glimpse.files)):
        return Guess(0.85, "files are called as Immich calls uploads")
    return None


def recognise_apple_photos(glimpse: Glimpse) -> Guess | None:
    """Tell by the bundle's name, or by what it holds."""
    if glimpse.name.lower().endswith(_BUNDLE):
        return Guess(0.99, "it is a .photoslibrary")
    if {b"originals", b"database"} <= glimpse.top or {b"Masters", b"database"} <= glimpse.top:
        return Guess(0.85, "it holds originals and database, as a Photos library does")
    bundles = sorted(name for name in glimpse.top if name.lower().endswith(_BUNDLE))
    if bundles and glimpse.top == set(bundles):
        return Guess(0.8, f"it holds {_text(bundles[0])}")
    return None


def recognise_rsync(glimpse: Glimpse) -> Guess | None:
    """Tell by rsync's unfinished files, which lie there while it runs."""
    found = sorted(filter(_RSYNC.match, glimpse.files))
    found += sorted(filter(_RSYNC_FOLDER.match, glimpse.folders))
    # Just enough: whatever else fills a folder may be copied there by rsync.
    return Guess(0.5, f"rsync's unfinished {_text(found[0])}") if found else None


def recognise_nothing(_glimpse: Glimpse) -> Guess | None:
    """Never recognise anything: such a source has to be named."""
    return None


def _sum_up(signs: Iterable[_Sign], names: Sequence[bytes]) -> Guess | None:
    """Add the signs up as independent witnesses: 1 - (1 - a)(1 - b)..."""
    guess: Guess | None = None
    for sign in signs:
        count = sum(1 for name in names if sign.pattern.match(name))
        if count and count >= sign.share * len(names):
            guess = _both(guess, Guess(sign.weight, sign.reason))
    return guess


def _both(one: Guess | None, other: Guess | None) -> Guess | None:
    if one is None or other is None:
        return one or other
    confidence = 1 - (1 - one.confidence) * (1 - other.confidence)
    return Guess(round(confidence, 2), f"{one.reason}, {other.reason}")


def _copies(glimpse: Glimpse) -> Guess | None:
    """Tell whether files of one name lie in several folders, as copies for each album do."""
    places: dict[bytes, set[bytes]] = {}
    for file in glimpse.files:
        folder, _, name = file.rpartition(b"/")
        places.setdefault(name, set()).add(folder)
    several = any(len(folders) > 1 for folders in places.values())
    return Guess(0.2, "the same names in several albums") if several else None


def _below_dcim(glimpse: Glimpse) -> set[bytes]:
    """Give the names of folders in DCIM, whichever of card, DCIM or one of them was looked at."""
    above = b"" if glimpse.name == b"DCIM" else b"DCIM/"
    below = {path[len(above) :] for path in glimpse.folders if path.startswith(above)}
    # 20240315 is a day, and of the form that DCF asks for.
    itself = {glimpse.name} if not glimpse.top and not glimpse.name.isdigit() else set()
    return {name for name in below if b"/" not in name} | itself


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
