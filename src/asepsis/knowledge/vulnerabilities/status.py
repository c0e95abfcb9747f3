"""What is in the store, and how old each source is on a given day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from asepsis.knowledge.vulnerabilities.feed_table import load_feeds
from asepsis.model.vulnerability import Feed


def age(feed: Feed, day: date) -> int | None:
    """Days from the feed's date to ``day``, 0 if it is newer; None if it has no date."""
    return max(0, (day - date.fromisoformat(feed.date)).days) if feed.date else None


def warning(feed: Feed, day: date) -> str:
    """One sentence without a full stop if the feed is old on ``day``, else nothing."""
    days, allowed = age(feed, day), load_feeds().stale_days(feed.name)
    if days is None or not allowed or days <= allowed:
        return ""
    return f"the {feed.name} feed is of {feed.date}, {days} days before {day.isoformat()}: older than {allowed} days, what is newer is not known"


def warnings(feeds: Sequence[Feed], day: date) -> tuple[str, ...]:
    """The warnings of all feeds, in their order."""
    return tuple(text for feed in feeds if (text := warning(feed, day)))


def status_lines(feeds: Sequence[Feed], day: date) -> list[str]:
    """One line a feed: name, date, age, records, licence; then the warnings."""
    rows = [(feed.name, feed.date or "undated", _days(feed, day), f"{feed.records:,} records", feed.licence) for feed in feeds]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    lines = ["  ".join([*(word.ljust(width) for word, width in zip(row, widths, strict=False)), row[4]]).rstrip() for row in rows]
    return [*lines, *(f"Old: {text}." for text in warnings(feeds, day))]


def _days(feed: Feed, day: date) -> str:
    days = age(feed, day)
    return "" if days is None else f"{days} days"
