"""What stills and RAW files say: sizes, EXIF, makers' own notes."""
