"""Forward-only migrations of the catalog."""
