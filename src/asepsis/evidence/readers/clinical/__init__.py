"""Readers of clinical software: servers of images and messages, and the secrets in their settings."""
