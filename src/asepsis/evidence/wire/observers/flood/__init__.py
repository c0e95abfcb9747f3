"""Floods: what is counted for services and addresses, and what is told of it."""
