"""HTTP clients of other programs; the only room that speaks to the network."""
