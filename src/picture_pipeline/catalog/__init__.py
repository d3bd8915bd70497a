"""The catalog: the only room that speaks SQL. It can be rebuilt from the archive."""
