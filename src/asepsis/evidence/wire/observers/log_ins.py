"""Passwords that were sent in clear: where to, how often, whether they were accepted; never what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.events import Event, LogIn
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.model.facts import Fact, OverheardSecret
from asepsis.model.secret import Redacted, SecretForm, SecretKind

_MOST = 4096
"""Different log-ins that are kept apart; of further ones only their number is told."""
_SERVICES = {"community": "snmp", "basic": "http", "bearer": "http", "ntlm": "smb"}
_ANONYMOUS = frozenset({"anonymous", "ftp"})


@dataclass(slots=True)
class _Heard:
    fact: OverheardSecret
    times: int = 1


class LogInsObserver:
    """One fact for each service, server, user and secret."""

    info = ObserverInfo("log_ins", "Passwords sent in clear", (OverheardSecret,))

    def __init__(self, means: Means) -> None:
        """Nothing was heard yet."""
        self._means = means
        self._heard: dict[tuple[str, str, str, str], _Heard] = {}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in a log-in whose secret stands there; one that asks for none is no secret."""
        if isinstance(event, LogIn) and event.secret is not None and not (event.how == "ftp" and event.user.lower() in _ANONYMOUS):
            self._take(event, event.secret)
        yield from ()

    def _take(self, event: LogIn, secret: bytes) -> None:
        service, server = _SERVICES.get(event.how, event.how), str(event.conversation.server)
        shadow = self._redacted(secret)
        key = (service, server, event.user, shadow.digest)
        known = self._heard.get(key)
        if known is None and len(self._heard) < _MOST:
            place, client = self._means.place(event.packet), event.conversation.client.address
            self._heard[key] = _Heard(OverheardSecret(place, shadow, service, server, client, event.user, event.how, event.accepted))
        elif known is None:
            self._means.full(f"log_ins: more than {_MOST} different log-ins")
        else:
            known.times += 1
            if event.accepted and not known.fact.accepted:
                known.fact = OverheardSecret(known.fact.where, shadow, service, server, known.fact.client, event.user, event.how, accepted=True)

    def _redacted(self, secret: bytes) -> Redacted:
        text = secret.decode("utf-8", "surrogateescape")
        form = SecretForm.CLEARTEXT if secret else SecretForm.EMPTY
        return self._means.redactor.redact(SecretKind.LOGIN, form, text, known_default=self._means.known_default(text))

    def pass_time(self, _packet: int, _time: int) -> Iterator[Fact]:
        """Nothing waits for time."""
        yield from ()

    def finish(self, _packet: int, _time: int) -> Iterator[Fact]:
        """All that was heard, in the order in which it was."""
        for heard in self._heard.values():
            fact = heard.fact
            yield OverheardSecret(
                fact.where, fact.secret, fact.service, fact.server, fact.client, fact.subject, fact.how, fact.accepted, times=heard.times
            )
