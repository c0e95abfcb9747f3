"""``mosquitto.conf``: the settings of an MQTT broker, through which devices pass readings and orders.

``listener PORT [ADDRESS]`` opens a port, and the TLS lines after it are that listener's; ``allow_anonymous``, ``password_file`` and plug-ins say
whom it lets in (mosquitto.conf(5), Mosquitto 2). Since version 2 a broker without a listener answers only locally, and nobody gets in without a
password unless ``allow_anonymous true``; before, everybody did: where the file does not say, it is not known.

Known ways it lies: files of ``include_dir`` add to it; the command line may name another file; an access list may narrow what a stranger can do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.secrets import is_documentation
from asepsis.evidence.protocols.text import word_lines
from asepsis.evidence.reader import Emit, NotThisFormat, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)(?:mosquitto(?:/(?:conf\.d/)?[^/]+)?\.conf|mosquitto[^/]*\.conf)$")
_KNOWN = frozenset({"listener", "port", "bind_address", "allow_anonymous", "password_file", "plugin", "auth_plugin", "require_certificate"})
_MOST_LISTENERS = 64


@dataclass(slots=True)
class _Listener:
    """One port with the settings that stand after it."""

    line: int
    port: int | None = None
    address: str = ""
    settings: dict[str, str] = field(default_factory=dict)


class MqttBrokerReader:
    """Emits one :class:`Service` ``mqtt`` for each listener; whether the broker runs is not in this file."""

    info = ReaderInfo("mqtt_broker", "Configuration of the MQTT broker Mosquitto", (Service,), ("mosquitto.conf", "mosquitto/conf.d/*.conf"))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and b"\0" not in head and not is_documentation(path) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """All lines first: who is let in may stand anywhere."""
        listeners, common = _listeners(source)
        if not listeners and not common:
            raise NotThisFormat
        for listener in listeners or ([_Listener(1)] if {"allow_anonymous", "password_file"} & common.keys() else []):
            settings = {**common, **listener.settings}
            emit(
                Service(
                    source.where(line=listener.line),
                    "mqtt",
                    program="mosquitto",
                    auth=_auth(settings, opened=bool(listeners)),
                    encrypted="certfile" in settings or "psk_file" in settings,
                    port=listener.port or 1883,
                    address=listener.address,
                    gives=Gives.COMMAND,
                    detail="passes readings and orders on",
                )
            )


def _listeners(source: BoundedSource) -> tuple[list[_Listener], dict[str, str]]:
    listeners: list[_Listener] = []
    common: dict[str, str] = {}
    for number, words in word_lines(source.lines()):
        key, value = words[0], " ".join(words[1:])
        if key == "listener" and len(words) > 1 and len(listeners) < _MOST_LISTENERS:
            listeners.append(_Listener(number, port_of(words[1]), "".join(words[2:3])))
        elif key in {"port", "bind_address"} and not listeners:
            listeners.append(_Listener(number))
        elif key in _KNOWN or key in {"certfile", "psk_file"}:
            of_listener = listeners and key in {"certfile", "psk_file", "require_certificate"}
            (listeners[-1].settings if of_listener else common).setdefault(key, value)
        if key == "port" and listeners:
            listeners[0].port = port_of(value)
        elif key == "bind_address" and listeners:
            listeners[0].address = value
    return listeners, common


def _auth(settings: dict[str, str], *, opened: bool) -> Auth:
    """Anonymous outweighs a file of passwords: it only asks those who give a name."""
    if settings.get("require_certificate") == "true":
        return Auth.MUTUAL
    if settings.get("allow_anonymous") == "true":
        return Auth.NONE if opened else Auth.UNKNOWN
    return Auth.PASSWORD if {"password_file", "plugin", "auth_plugin"} & settings.keys() else Auth.UNKNOWN
