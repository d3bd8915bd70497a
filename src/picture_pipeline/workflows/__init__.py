"""One verb per file; standard library only, everything else through ports."""
