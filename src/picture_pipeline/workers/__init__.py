"""Supervised worker processes: native decoders and parsers run here, never in the main process."""
