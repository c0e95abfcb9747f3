"""All links of a recording, and the states in which they are: equal states have one number, so that what is said can be counted by number."""

from __future__ import annotations

from collections.abc import Callable

from asepsis.evidence.radio.frame import Link, Party, State

MOST_STATES = 65_536
"""Beyond it, everything is in one last state of which nothing is known."""
MOST_LINKS = 4_096
"""At one time."""
_UNKNOWN = State("?", "?", None, None, None)


class Links:
    """Opens links and keeps their states; ``states`` is the list that numbers of states count in."""

    def __init__(self, states: list[State], full: Callable[[str], None]) -> None:
        """``full`` is told once when there is no room for more."""
        self.states, self._full = states, full
        self._numbers: dict[State, int] = {}
        self._opened = 0

    def open(
        self, transport: str, central: Party, peripheral: Party, number: int, time: int, *, began: bool = True, recorder: bool | None = None
    ) -> Link:
        """A new link, noticed in frame ``number``; ``recorder`` says whether its central, or its peripheral, recorded."""
        self._opened += 1
        link = Link(self._opened, transport, central, peripheral, number, time, began, recorder, False if began else None)
        self.settle(link)
        return link

    def settle(self, link: Link) -> None:
        """Give the link the number of the state that it is in now."""
        state = State(*link.keys(), link.encrypted, link.authenticated, link.key_bits)
        known = self._numbers.get(state)
        if known is None:
            if len(self.states) > MOST_STATES:
                self._full(f"links: more than {MOST_STATES} different states of protection")
                link.state = MOST_STATES
                return
            known = self._numbers[state] = len(self.states)
            self.states.append(_UNKNOWN if known == MOST_STATES else state)
        link.state = known
