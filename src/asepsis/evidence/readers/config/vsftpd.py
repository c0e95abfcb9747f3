"""``vsftpd.conf``: who may fetch and leave files over FTP.

``option=value`` lines, no spaces (vsftpd.conf(5), 3.0). Defaults: ``anonymous_enable=YES``, ``local_enable=NO`` (accounts of the device stay
out), ``write_enable=NO``, ``ssl_enable=NO``.

Known ways it lies: being there does not mean that vsftpd runs; distributions patch the default of ``anonymous_enable``, so only a line counts here.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.command_line import port_of
from asepsis.evidence.protocols.text import is_of_another_program, key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Gives, Service

_PATH = re.compile(r"(?:^|/)vsftpd[^/]*\.conf$")


class VsftpdReader:
    """Emits one :class:`Service` ``ftp``; anonymous access gives reading, or control where strangers may write."""

    info = ReaderInfo("vsftpd", "Configuration of vsftpd", (Service,), ("vsftpd.conf",))
    signs = Signs(paths=(_PATH,), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _PATH.search(path) and not is_of_another_program(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """The last value of an option counts."""
        entries = {entry.key: entry for entry in key_file(source.lines(), comments="#")}
        on = {key for key, entry in entries.items() if entry.value.upper() in {"YES", "TRUE", "1"}}
        anonymous = "anonymous_enable" in on
        writes = anonymous and {"write_enable", "anon_upload_enable"} <= on
        port = entries.get("listen_port")
        local = "local_enable" in on or "guest_enable" in on
        strangers = ("strangers may write files" if writes else "strangers may read files") if anonymous else ""
        wrapped = "asks TCP wrappers" if "tcp_wrappers" in on else ""
        emit(
            Service(
                source.where(line=entries["anonymous_enable"].line if anonymous else 1),
                "ftp",
                program="vsftpd",
                auth=Auth.NONE if anonymous else Auth.PASSWORD,
                encrypted="ssl_enable" in on and "force_local_logins_ssl" in on,
                port=port_of(port.value) if port else 21,
                address=entries["listen_address"].value if "listen_address" in entries else "",
                gives=Gives.READING if anonymous and not writes else Gives.CONTROL,
                root_log_in=None if local else False,
                detail=", ".join(filter(None, (strangers, "" if local else "accounts of the device may not log in", wrapped))),
            )
        )
