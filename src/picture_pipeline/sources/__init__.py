"""Where candidates turn up: read only, never opened here."""
