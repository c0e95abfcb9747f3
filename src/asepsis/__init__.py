"""Asepsis: how could someone hurt a patient through this device, and what is the least work that stops it?"""

from asepsis.version import __version__

__all__ = ["__version__"]
