"""What files are and what they say: recognition, metadata, sidecar, quick metadata.

The only home of exiv2. Nothing here opens a file: bytes come in,
values and bytes go out.
"""
