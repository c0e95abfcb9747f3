"""Readers of update mechanisms: where software comes from, and whether anybody checks who made it."""

from __future__ import annotations

from asepsis.evidence.reader import Reader
from asepsis.evidence.readers.update.apt import AptReader
from asepsis.evidence.readers.update.device_events import DeviceEventsReader
from asepsis.evidence.readers.update.mender import MenderReader
from asepsis.evidence.readers.update.nordic_dfu import NordicDfuReader
from asepsis.evidence.readers.update.ostree_remotes import OstreeRemotesReader
from asepsis.evidence.readers.update.package_index import PackageIndexReader
from asepsis.evidence.readers.update.rauc import RaucReader
from asepsis.evidence.readers.update.swupdate import SwupdateReader
from asepsis.evidence.readers.update.yum_repos import YumReposReader

UPDATE_READERS: tuple[Reader, ...] = (
    YumReposReader(),
    SwupdateReader(),
    RaucReader(),
    PackageIndexReader(),
    OstreeRemotesReader(),
    NordicDfuReader(),
    MenderReader(),
    DeviceEventsReader(),
    AptReader(),
)
"""Part of the list in :mod:`asepsis.evidence.readers`."""
