"""The archive's originals and sidecars: layout, marker, write-once store."""
