"""The file types that this version takes in."""

from picture_pipeline.model.media import MediaType

JPEG = MediaType("image/jpeg", "jpg")
HEIC = MediaType("image/heic", "heic")
HEIF = MediaType("image/heif", "heif")
AVIF = MediaType("image/avif", "avif")
PNG = MediaType("image/png", "png")
TIFF = MediaType("image/tiff", "tif")
WEBP = MediaType("image/webp", "webp")
GIF = MediaType("image/gif", "gif")
BMP = MediaType("image/bmp", "bmp")

SUPPORTED = (JPEG, HEIC, HEIF, AVIF, PNG, TIFF, WEBP, GIF, BMP)
"""All of them; the extension is the one the archive gives."""
