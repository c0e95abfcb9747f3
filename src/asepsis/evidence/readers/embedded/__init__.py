"""Readers of the binary stores that small devices keep: flash pages, boot environments, databases."""
