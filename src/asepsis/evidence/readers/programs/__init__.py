"""Readers of programs: what the executables of a device show by themselves."""
