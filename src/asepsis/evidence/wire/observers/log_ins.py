"""Passwords that were sent in clear: where to, how often, whether they were accepted; never what they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asepsis.evidence.wire.events import DicomAssociation, Event, LogIn
from asepsis.evidence.wire.observer import Means, ObserverInfo
from asepsis.model.facts import Fact, OverheardSecret
from asepsis.model.secret import Redacted, SecretForm, SecretKind

_MOST = 4096
"""Different log-ins that are kept apart; of further ones only their number is told."""
_MOST_OPEN = 16_384
"""DICOM associations that await their answer."""
_SERVICES = {"community": "snmp", "basic": "http", "bearer": "http", "form": "http", "token": "http", "apikey": "http", "ntlm": "smb"}
_IDENTITIES = {2: "password", 4: "SAML assertion", 5: "JWT"}
"""Of a DICOM user identity (PS3.7, D.3.3.7), those that let in whoever has heard them; a Kerberos ticket does not by itself."""
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
        self._asked: dict[int, DicomAssociation] = {}

    def see(self, event: Event) -> Iterator[Fact]:
        """Take in a log-in whose secret stands there; one that asks for none is no secret."""
        if isinstance(event, LogIn) and event.secret is not None and not (event.how == "ftp" and event.user.lower() in _ANONYMOUS):
            self._take(event, event.secret)
        elif isinstance(event, DicomAssociation):
            self._association(event)
        yield from ()

    def _association(self, event: DicomAssociation) -> None:
        """An identity counts as accepted with the association that it was offered in."""
        number = event.conversation.number
        if event.kind == "request" and event.identity in _IDENTITIES and event.password:
            if len(self._asked) < _MOST_OPEN:
                self._asked[number] = event
            else:
                self._means.full(f"log_ins: more than {_MOST_OPEN} DICOM associations at once")
        elif asked := self._asked.pop(number, None):
            self._identity(asked, accepted={"accept": True, "reject": False}.get(event.kind))

    def _identity(self, asked: DicomAssociation, *, accepted: bool | None) -> None:
        how = f"dicom {_IDENTITIES[asked.identity]}"
        user = "".join(letter for letter in asked.user.decode("utf-8", "replace")[:64] if letter.isprintable())
        said = LogIn(asked.conversation, asked.side, asked.packet, asked.time, how, user, asked.password, accepted)
        self._take(said, asked.password)

    def _take(self, event: LogIn, secret: bytes) -> None:
        service, server = _SERVICES.get(event.how, event.how.partition(" ")[0]), str(event.conversation.server)
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
        for asked in self._asked.values():
            self._identity(asked, accepted=None)
        for heard in self._heard.values():
            fact = heard.fact
            yield OverheardSecret(
                fact.where, fact.secret, fact.service, fact.server, fact.client, fact.subject, fact.how, fact.accepted, times=heard.times
            )
