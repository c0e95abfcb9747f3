"""The shipped table of feeds: licence, how old one may be, and where it is fetched from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from asepsis.knowledge.toml_file import build, read_table

DATA = Path(__file__).parents[1] / "data" / "feeds.toml"


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """One feed. ``name`` is that of the source in the store, up to a colon; ``stale_days`` 0 means that it is never called old.

    ``kind`` says how ``addresses`` are fetched (:mod:`.ways`); empty: it is imported from files only. ``hosts`` are where they may be redirected to.
    """

    name: str
    title: str
    licence: str
    stale_days: int = 0
    kind: str = ""
    addresses: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedTable:
    """All feeds, in the order of the file."""

    feed: tuple[KnownFeed, ...]

    @property
    def licences(self) -> dict[str, str]:
        """Name → licence."""
        return {feed.name: feed.licence for feed in self.feed}

    def stale_days(self, source: str) -> int:
        """After how many days a source is old; 0: never."""
        name = source.partition(":")[0]
        return next((feed.stale_days for feed in self.feed if feed.name == name), 0)


@cache
def load_feeds(path: Path = DATA) -> FeedTable:
    """The table. Raises ``KnowledgeError``."""
    return build(read_table(path), FeedTable, path)
