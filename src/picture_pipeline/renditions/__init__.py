"""Derived pictures: what is made from one decode, and the local tree they lie in."""
