"""Secrets that are kept where somebody else can take them."""
