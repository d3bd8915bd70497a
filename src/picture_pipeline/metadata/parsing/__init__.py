"""Parsing single values: text, numbers, dates, positions, time zones."""
