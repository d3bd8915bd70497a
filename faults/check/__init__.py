"""The independent check: knows docs/format.md, imports no product code, standard library only."""
