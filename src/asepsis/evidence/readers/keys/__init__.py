"""Readers of keys, key stores and certificates, one file each."""
