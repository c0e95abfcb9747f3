"""Where alarms are sent: syslog over UDP (RFC 5426), TCP (RFC 6587, counted) or the local socket, HL7 over MLLP. The one place here with a socket.

Nothing else is ever sent, and nothing is listened for but an acknowledgement.
"""

from __future__ import annotations

import socket
import time

from asepsis.monitor import acm, syslog
from asepsis.monitor.alarm import Alarm
from asepsis.monitor.deliver import Delivery

_SECONDS = 2.0
_LOCAL = "/dev/log"
_MOST_ANSWER = 4096
_MOST_DATAGRAM = 2048


class NotAPlace(Exception):
    """What the user gave is no address; the message says why."""


def to_syslog(place: str) -> Delivery:
    """``HOST:PORT`` (UDP), ``tcp:HOST:PORT``, ``unix`` or ``unix:PATH``. Raises ``NotAPlace``."""
    kind, _, rest = place.partition(":")
    if kind == "unix":
        path = rest or _LOCAL
        return Delivery(f"syslog {path}", lambda alarm: _datagram(socket.AF_UNIX, path, syslog.message(alarm)))
    if kind == "tcp":
        host, port = _address(rest)
        return Delivery(f"syslog {rest}", lambda alarm: _counted(host, port, syslog.message(alarm)))
    host, port = _address(place)

    def send(alarm: Alarm) -> None:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        _datagram(family, address, syslog.message(alarm))

    return Delivery(f"syslog {place}", send)


def to_acm(place: str) -> Delivery:
    """``HOST:PORT``. Raises ``NotAPlace``."""
    host, port = _address(place)

    def send(alarm: Alarm) -> None:
        with socket.create_connection((host, port), _SECONDS) as connection:
            connection.sendall(acm.message(alarm))
            if not acm.accepted(_answer(connection)):
                raise OSError(0, "it did not accept the alarm")

    return Delivery(f"acm {place}", send)


def _address(place: str) -> tuple[str, int]:
    host, colon, port = place.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise NotAPlace(f"{place} is no HOST:PORT")
    return host.strip("[]"), int(port)


def _datagram(family: int, address: object, message: bytes) -> None:
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        sender.settimeout(_SECONDS)
        # Cut between characters: a receiver need not take more (RFC 5426, 3.2).
        sender.sendto(message[:_MOST_DATAGRAM].decode("utf-8", "ignore").encode(), address)  # type: ignore[call-overload]  # by family


def _counted(host: str, port: int, message: bytes) -> None:
    with socket.create_connection((host, port), _SECONDS) as connection:
        connection.sendall(b"%d " % len(message) + message)


def _answer(connection: socket.socket) -> bytes:
    """Until the frame ends, or the partner says no more."""
    answer, until = b"", time.monotonic() + _SECONDS
    while acm.END[:1] not in answer and len(answer) < _MOST_ANSWER and time.monotonic() < until:
        piece = connection.recv(_MOST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer
