"""Asepsis answers: how could someone hurt a patient through this device, and what is the least work that stops it.

``assess("pump.bin", device="infusion-pump")`` gives a :class:`~asepsis.model.study.Study`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asepsis.version import __version__

if TYPE_CHECKING:
    from asepsis.model.study import Study


def assess(*evidence: str, device: str = "generic", site: str | None = None, profile: str = "standard") -> Study:
    """Run the six verbs on ``evidence`` (paths or ``kind:path``), in the order given.

    ``device`` is a profile id or the path of a TOML file, ``site`` the path of a site's TOML file, ``profile`` ``quick``, ``standard`` or
    ``deep``. Raises :class:`asepsis.story.CannotAssess` with one line for the user. For more choices see :class:`asepsis.story.Options`.
    """
    from asepsis.story import Options, run  # heavy: only when asked

    return run(evidence, Options(device=device, site=site, profile=profile))


__all__ = ["__version__", "assess"]
