"""The services that inetd answers by itself."""

from asepsis.evidence.readers.config.inetd import InetdReader
from asepsis.guard.limits import STANDARD
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Fact, Gives, Service
from asepsis.model.where import Where


def test_echo_and_chargen_are_services_that_can_be_kept_busy_and_let_nobody_in():
    text = "#time stream tcp nowait root internal\necho dgram udp wait root internal\nchargen stream tcp nowait root internal\n"
    found: list[Fact] = []
    InetdReader().read(BoundedSource(text.encode(), Where("e1", "etc/inetd.conf"), Redactor(bytes(16)), STANDARD), found.append)
    services = [fact for fact in found if isinstance(fact, Service)]
    assert [(fact.name, fact.port, fact.where.line, fact.detail) for fact in services] == [
        ("echo", 7, 2, "answers every packet over udp"),
        ("chargen", 19, 3, "answers every packet over tcp"),
    ]
    assert {(fact.auth, fact.gives, fact.enabled) for fact in services} == {(Auth.NONE, Gives.STOP, True)}
