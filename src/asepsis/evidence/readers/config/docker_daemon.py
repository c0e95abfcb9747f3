"""``/etc/docker/daemon.json``: where the Docker engine takes orders.

JSON; ``hosts`` lists sockets. ``tcp://…`` without ``tlsverify`` obeys whoever reaches it, and whoever gives orders to the engine is root of the
device (Docker documentation, dockerd, "daemon socket option").

Known ways it lies: ``-H`` of the command line opens more sockets.
"""

from __future__ import annotations

import json
import re

from asepsis.evidence.protocols.command_line import address_of, port_of
from asepsis.evidence.reader import Emit, Malformed, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Service

_PATH = re.compile(r"(?:^|/)docker/daemon\.json$")
_MOST_HOSTS = 64


class DockerDaemonReader:
    """Emits a :class:`Service` ``docker`` for each TCP socket."""

    info = ReaderInfo("docker_daemon", "Sockets of the Docker engine", (Service,), ("etc/docker/daemon.json",))
    signs = Signs(paths=(_PATH,))

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and head.strip() else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Raises ``Malformed`` if it is no JSON object."""
        text = source.content().decode("utf-8", "replace")
        try:
            settings = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Malformed("no JSON", line=getattr(error, "lineno", None)) from error
        if not isinstance(settings, dict):
            raise Malformed("no JSON object")
        checked = settings.get("tlsverify") is True
        hosts = settings.get("hosts")
        line = text.count("\n", 0, max(text.find('"hosts"'), 0)) + 1
        for host in hosts[:_MOST_HOSTS] if isinstance(hosts, list) else ():
            if isinstance(host, str) and host.startswith("tcp://"):
                at = host.removeprefix("tcp://").rstrip("/")
                address = address_of(at) if port_of(at) else at
                emit(
                    Service(
                        source.where(line=line),
                        "docker",
                        "dockerd",
                        Auth.MUTUAL if checked else Auth.NONE,
                        encrypted=checked or settings.get("tls") is True,
                        port=port_of(at) or (2376 if checked else 2375),
                        address="" if address == "0.0.0.0" else address[:64],  # noqa: S104 - compared, not bound
                        root_log_in=True,
                        detail="whoever gives orders to Docker is root of the device",
                    )
                )
