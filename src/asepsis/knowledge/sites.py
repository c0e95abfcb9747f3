"""Sites: where attackers may start, which zones lead to which, where the device is attached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from asepsis.knowledge.toml_file import KnowledgeError, build, near, one_line, read_table
from asepsis.model.device import Site
from asepsis.model.facts import Zone

ZONES = tuple(zone.value for zone in Zone)


def load_site(path: Path) -> Site:
    """A site from a TOML file with the keys of ``Site``.

    Raises ``KnowledgeError`` in one line naming file and key: bad TOML, unknown or missing keys, a word that is no zone (with near ones),
    no starting place at all.
    """
    site = build(read_table(path), Site, path)
    for complaint in _complaints(site):
        raise KnowledgeError(f"{path}: {one_line(complaint)}")
    return site


def _complaints(site: Site) -> Iterator[str]:
    for where, zone in _zones(site):
        if zone not in ZONES:
            yield f"{where}: no such zone: {zone!r}{near(zone, ZONES)}"
    if not site.starts:
        yield "starts: no attacker could start anywhere, so nothing could ever be found; name at least one zone"


def _zones(site: Site) -> Iterator[tuple[str, str]]:
    yield from (("starts", zone) for zone in site.starts)
    yield from (("attached", zone) for zone in site.attached)
    for number, link in enumerate(site.links, 1):
        yield from ((f"links.{number}.from_zone", link.from_zone), (f"links.{number}.to_zone", link.to_zone))
    yield from ((f"wifi.{ssid}", zone) for ssid, zone in site.wifi.items())
    yield "wifi_default", site.wifi_default
