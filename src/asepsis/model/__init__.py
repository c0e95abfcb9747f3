"""Nouns only: frozen, slotted dataclasses. No disk, no clock, no network."""
