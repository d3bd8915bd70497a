"""The table of every file type that is taken in.

Names are IANA's where there is one, else those that shared-mime-info and
exiftool use; the extension is the one the archive gives.
"""

from collections.abc import Mapping

from picture_pipeline.model.media import Family, MediaType

JPEG = MediaType("image/jpeg", "jpg")
HEIC = MediaType("image/heic", "heic")
HEIF = MediaType("image/heif", "heif")
AVIF = MediaType("image/avif", "avif")
HEIC_SEQUENCE = MediaType("image/heic-sequence", "heics")
HEIF_SEQUENCE = MediaType("image/heif-sequence", "heifs")
AVIF_SEQUENCE = MediaType("image/avif-sequence", "avifs")
PNG = MediaType("image/png", "png")
TIFF = MediaType("image/tiff", "tif")
WEBP = MediaType("image/webp", "webp")
GIF = MediaType("image/gif", "gif")
BMP = MediaType("image/bmp", "bmp")
JXL = MediaType("image/jxl", "jxl")
JP2 = MediaType("image/jp2", "jp2")
J2K = MediaType("image/x-jpeg2000-codestream", "j2k")
PSD = MediaType("image/vnd.adobe.photoshop", "psd")

STILLS = (
    *(JPEG, HEIC, HEIF, AVIF, HEIC_SEQUENCE, HEIF_SEQUENCE, AVIF_SEQUENCE),
    *(PNG, TIFF, WEBP, GIF, BMP, JXL, JP2, J2K, PSD),
)

RAW_BY_EXTENSION: Mapping[str, MediaType] = {
    extension: MediaType(name, extension, Family.RAW)
    for extension, name in (
        ("3fr", "image/x-hasselblad-3fr"),
        ("fff", "image/x-hasselblad-fff"),
        ("arw", "image/x-sony-arw"),
        ("sr2", "image/x-sony-sr2"),
        ("srf", "image/x-sony-srf"),
        ("arq", "image/x-sony-arq"),
        ("cr2", "image/x-canon-cr2"),
        ("cr3", "image/x-canon-cr3"),
        ("crw", "image/x-canon-crw"),
        ("dcr", "image/x-kodak-dcr"),
        ("kdc", "image/x-kodak-kdc"),
        ("k25", "image/x-kodak-k25"),
        ("dng", "image/x-adobe-dng"),
        ("gpr", "image/x-gopro-gpr"),
        ("erf", "image/x-epson-erf"),
        ("iiq", "image/x-phaseone-iiq"),
        ("mef", "image/x-mamiya-mef"),
        ("mos", "image/x-leaf-mos"),
        ("mrw", "image/x-minolta-mrw"),
        ("nef", "image/x-nikon-nef"),
        ("nrw", "image/x-nikon-nrw"),
        ("orf", "image/x-olympus-orf"),
        ("ori", "image/x-olympus-ori"),
        ("pef", "image/x-pentax-pef"),
        ("raf", "image/x-fujifilm-raf"),
        ("raw", "image/x-raw"),
        ("rw2", "image/x-panasonic-rw2"),
        ("rwl", "image/x-leica-rwl"),
        ("srw", "image/x-samsung-srw"),
        ("x3f", "image/x-sigma-x3f"),
    )
}
CR3 = RAW_BY_EXTENSION["cr3"]
CRW = RAW_BY_EXTENSION["crw"]
MRW = RAW_BY_EXTENSION["mrw"]
RAF = RAW_BY_EXTENSION["raf"]
X3F = RAW_BY_EXTENSION["x3f"]

MOV = MediaType("video/quicktime", "mov", Family.VIDEO)
MP4 = MediaType("video/mp4", "mp4", Family.VIDEO)
M4V = MediaType("video/x-m4v", "m4v", Family.VIDEO)
THREE_GP = MediaType("video/3gpp", "3gp", Family.VIDEO)
THREE_G2 = MediaType("video/3gpp2", "3g2", Family.VIDEO)
AVI = MediaType("video/x-msvideo", "avi", Family.VIDEO)
MTS = MediaType("video/mp2t", "mts", Family.VIDEO)
MKV = MediaType("video/x-matroska", "mkv", Family.VIDEO)
WEBM = MediaType("video/webm", "webm", Family.VIDEO)
MPG = MediaType("video/mpeg", "mpg", Family.VIDEO)
WMV = MediaType("video/x-ms-wmv", "wmv", Family.VIDEO)

VIDEOS = (MOV, MP4, M4V, THREE_GP, THREE_G2, AVI, MTS, MKV, WEBM, MPG, WMV)

AAE = MediaType("application/vnd.apple.photos", "aae", Family.COMPANION)
XMP = MediaType("application/rdf+xml", "rdf", Family.COMPANION)
"""A foreign sidecar. Not ``xmp``: ``<digest>.xmp`` is the name of its own sidecar."""
WAV = MediaType("audio/x-wav", "wav", Family.COMPANION)
CAMERA_XML = MediaType("application/xml", "xml", Family.COMPANION)
"""What Sony's cameras write beside a clip; no other XML is taken in."""
JSON = MediaType("application/json", "json", Family.COMPANION)
"""What Google Takeout and immich-go write beside a picture; no other JSON is taken in."""

COMPANIONS = (AAE, XMP, WAV, CAMERA_XML, JSON)

SUPPORTED = (*STILLS, *RAW_BY_EXTENSION.values(), *VIDEOS, *COMPANIONS)
"""All of them."""

BY_NAME: Mapping[str, MediaType] = {kind.name: kind for kind in SUPPORTED}
"""Name -> type, for what a catalog or a sidecar knows by its name only."""
