"""Readers of bills of materials: what somebody declares to be in a device."""
