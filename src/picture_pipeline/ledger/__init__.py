"""The append-only chain of events on the NAS, one for each writing computer."""
