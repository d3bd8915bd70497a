"""The only place that writes files: temp, fsync, publish without overwriting."""
