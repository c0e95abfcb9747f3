"""From when on traffic is an attack on availability: numbers of our own [P], each of which a site may set as it knows better."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _stated(number: int, meaning: str) -> int:
    return field(default=number, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Counts are of what comes to one victim; floods are counted in windows of five seconds and have to be ten times the usual besides."""

    half_open: int = _stated(200, "handshakes with one service that nobody completes, in 5 s")
    connections: int = _stated(500, "connections to one service, in 5 s")
    datagrams: int = _stated(15_000, "UDP datagrams to one address that it does not answer, in 5 s")
    segments: int = _stated(15_000, "TCP segments without content to one address that says nothing, in 5 s")
    icmp: int = _stated(2_500, "ICMP messages to one address that are no answers, in 5 s")
    broadcasts: int = _stated(5_000, "frames to all hosts of the network (ARP, broadcast), in 5 s")
    times_usual: int = _stated(10, "times what is usual for the victim")
    held_by_one: int = _stated(50, "connections to one service that one peer holds open and unused for a minute")
    held_by_all: int = _stated(200, "the same, or handshakes left half open, of all peers together")
    associations: int = _stated(20, "DICOM associations with one service that one peer keeps idle for a minute")
    broken: int = _stated(20, "broken messages to one service in 10 s")
    broken_packets: int = _stated(500, "packets with headers that cannot be, in 10 s")
    resets: int = _stated(7, "connections of one service broken off in 5 minutes, beyond one for each client")
    silent_intervals: int = _stated(5, "usual intervals without a message")
    silent_seconds: int = _stated(30, "seconds without a message at least")

    def words(self, *names: str) -> tuple[str, ...]:
        """What is taken for granted where these numbers decided."""
        known = {one.name: one for one in fields(self)}
        return tuple(self._words(getattr(self, name), known[name].default, known[name].metadata["meaning"]) for name in names)

    @staticmethod
    def _words(number: int, shipped: object, meaning: str) -> str:
        return f"{number} {meaning} (threshold, {'our own proposal [P]' if number == shipped else 'set by the user'})"


SHIPPED = Thresholds()


def meanings() -> tuple[tuple[str, int, str], ...]:
    """Name, shipped number and meaning of each threshold."""
    return tuple((one.name, getattr(SHIPPED, one.name), one.metadata["meaning"]) for one in fields(SHIPPED))
