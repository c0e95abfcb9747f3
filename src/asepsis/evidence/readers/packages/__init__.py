"""Readers of what package managers, build systems and programs themselves say of the software in a device."""
