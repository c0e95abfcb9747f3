"""What is told of a silence: whose it is, since when, how sure that is and what else could explain it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from asepsis.evidence.wire.habits import SECOND, Rhythm
from asepsis.evidence.wire.observer import Means
from asepsis.evidence.wire.observers.silence.pairs import MOST_PAIRS, Pair
from asepsis.evidence.wire.observers.silence.parting import device_in
from asepsis.evidence.wire.packet import Closing
from asepsis.model.facts import Confidence, Disturbance

_NAMED = 5
SHARED = "a tap, mirror port, switch or cable that all of them share: likelier than that each of them stopped"
NOBODY_ELSE = "nobody else is heard either: the tap, the mirror port or whoever captures may have stopped"
WITH_IT = "others fell silent with it: a shared part of the network, or all were stopped"
STOPPED_BEFORE = "its last report said that it had stopped"
_OFF = "it was switched off, moved or disconnected"
_NETWORK = "the network between it and the place of capture failed"
_SLOWER = "it was set to report less often"


@dataclass(frozen=True, slots=True)
class Around:
    """What was seen around a silence.

    ``called`` in vain, ``alone`` (nobody else is heard), ``together`` with others, ``stopped`` before by its own words, ``still_there`` for others,
    and how many seconds nobody watched before (``unwatched``).
    """

    called: bool = False
    alone: bool = False
    together: bool = False
    stopped: bool = False
    still_there: bool = False
    unwatched: int = 0

    @property
    def confidence(self) -> Confidence:
        """Weak where it may just have nothing to report, or may have said goodbye unheard."""
        weak = self.stopped or self.unwatched or (self.still_there and not self.called)
        return Confidence.WEAK if weak else Confidence.LIKELY

    def explained_by(self) -> tuple[str, ...]:
        """The likeliest first."""
        words = (
            f"it left in good order while nobody watched ({self.unwatched} s)" * bool(self.unwatched), STOPPED_BEFORE * self.stopped,
            NOBODY_ELSE * self.alone, WITH_IT * self.together, _OFF, _NETWORK, _SLOWER,
        )  # fmt: skip
        return tuple(filter(None, words))


class Telling:
    """Makes the facts."""

    def __init__(self, means: Means) -> None:
        """``means`` name the places."""
        self._means = means

    def whole(self, pair: Pair, rhythm: Rhythm, time: int, kinds: str, around: Around) -> Disturbance:
        """Nothing more comes from it; what the others do says how sure that is."""
        called = "; it is called and does not answer" * around.called
        return self.silence(pair, rhythm, time, kinds, around.confidence, around.explained_by(), called)

    def partner(self, pair: Pair, rhythm: Rhythm, time: int, kinds: str) -> Disturbance:
        """It is still there: whoever it speaks to is not."""
        return self._told(
            rhythm, time, victim=str(pair.hearer), peer=pair.speaker, confidence=Confidence.LIKELY,
            detail=f"{pair.speaker} goes on calling it and gets no answer ({kinds})",
            explained_by=("it was restarted or switched off", "the network between them failed"),
        )  # fmt: skip

    def silence(self, pair: Pair, rhythm: Rhythm, time: int, kinds: str, confidence: Confidence, why: tuple[str, ...], more: str = "") -> Disturbance:
        """``kinds`` of messages came regularly, then no more."""
        broken = "; its connection was broken off" * (pair.ended is Closing.RESET)
        detail = f"{kinds} came every {max(1, round(rhythm.every / SECOND))} s ({rhythm.count} times), then no more{broken}{more}"
        victim = f"{pair.speaker} {device_in(kinds)}".strip()
        return self._told(rhythm, time, victim=victim, peer=str(pair.hearer), detail=detail, confidence=confidence, explained_by=why)

    def _told(
        self, rhythm: Rhythm, time: int, *, victim: str, peer: str, detail: str, confidence: Confidence, explained_by: tuple[str, ...]
    ) -> Disturbance:
        return Disturbance(
            self._means.place(rhythm.last_packet), "silence", victim, peer, detail, (time - rhythm.last_time) // SECOND, explained_by, confidence,
            self._means.thresholds.words("silent_intervals", "silent_seconds"),
        )  # fmt: skip

    def all(self, packet: int, silent: Iterable[str], heard: int, seconds: int) -> Disturbance:
        """Nearly everybody fell silent: what they share is told."""
        names = sorted(silent)
        more = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
        rest = f"{heard} others go on" if heard else "nobody else is heard regularly"
        return Disturbance(
            self._means.place(packet), "silence", "", "",
            f"{len(names)} regular speakers fell silent together: {', '.join(names[:_NAMED])}{more}; {rest}", seconds,
            (SHARED, "whoever captures stands still", "all were switched off or moved"), Confidence.LIKELY,
            self._means.thresholds.words("silent_intervals", "silent_seconds"),
        )  # fmt: skip

    def paused(self, packet: int, seconds: int) -> Disturbance:
        """A time of a file in which nobody at all was heard."""
        detail = "nobody at all was heard: whoever fell silent in that time cannot be told"
        return Disturbance(
            self._means.place(packet), "silence", "", "", detail, seconds, ("the capture paused", "the network failed"), Confidence.WEAK
        )

    def crowded(self, packet: int, times: int) -> Disturbance:
        """Not everybody was watched."""
        detail = f"more regular speakers than are kept apart ({MOST_PAIRS}): {times} times one was not watched"
        return Disturbance(self._means.place(packet), "silence", "", "", detail, 0, ("a crowded network",), Confidence.WEAK)
