"""The cache: full-size originals on the local disk, checked before they are given out."""
