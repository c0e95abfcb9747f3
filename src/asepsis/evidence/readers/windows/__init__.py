"""Readers of what only Windows keeps."""
