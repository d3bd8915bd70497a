"""Fault scenarios: start the installed command, let something fail, ask the check."""
