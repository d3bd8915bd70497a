"""Frozen values that every floor speaks in; standard library only."""
