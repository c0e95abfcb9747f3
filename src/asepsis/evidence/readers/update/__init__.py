"""Readers of update mechanisms: where software comes from, and whether anybody checks who made it."""
