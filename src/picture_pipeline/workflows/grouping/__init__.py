"""Which originals make one asset; pure rules over members."""
