r"""What Windows starts: its command lines, and which way in a program or a service of Windows opens. No I/O.

A command line is one text: ``"C:\Program Files\X\x.exe" -service``. Without quotes the program ends at ``.exe`` or the first blank. The file
name decides; what runs inside ``svchost.exe`` is known by the name of its service. Ports and names as in domain facts 7.2, [K].
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from asepsis.evidence.protocols.commands import Way
from asepsis.model.facts import Auth, Gives

_UNQUOTED = re.compile(r"\s*([^\"]*?\.(?:exe|com|bat|cmd|scr|sys|dll))(?=[\s,]|\Z)", re.IGNORECASE)
_WORD = re.compile(r'"([^"]*)"?|([^\s"]+)')
MOST_WORDS = 64
MAX_COMMAND = 2048
_RELAY = re.compile(r"[?&]h=([^&\s\"]{1,255})&p=(\d{1,5})")

REMOTE_SUPPORT = "remote-support"


def command_words(text: str) -> tuple[str, ...]:
    """The words of a command line, the program first and with slashes, as facts name programs."""
    text = text[:MAX_COMMAND].strip()
    begins = _UNQUOTED.match(text)
    words = [begins.group(1)] if begins else []
    for found in _WORD.finditer(text, begins.end() if begins else 0):
        if len(words) >= MOST_WORDS:
            break
        words.append(found.group(1) if found.group(1) is not None else found.group(2))
    return (words[0].replace("\\", "/"), *words[1:]) if words else ()


def file_name(program: str) -> str:
    """The lower-case file name of a program, without ``.exe``."""
    return re.split(r"[\\/]", program)[-1].lower().removesuffix(".exe")


def _agent(title: str, port: int | None, auth: Auth = Auth.PASSWORD) -> Way:
    return Way(REMOTE_SUPPORT, auth, encrypted=None, port=port, detail=title)


_VNC = Way("vnc", Auth.UNKNOWN, encrypted=False, port=5900)
_AXEDA = _agent("Axeda agent", 3011, Auth.UNKNOWN)
_PROGRAMS: dict[str, Way] = {
    **dict.fromkeys(("tvnserver", "winvnc", "winvnc4", "vncserver", "uvnc_service", "vncserver4", "winvnc5"), _VNC),
    "axedadesktopserver": replace(
        _VNC, port=5920, auth=Auth.PASSWORD, detail="Axeda desktop server; old versions have one password for all units (CVE-2022-25246)"
    ),
    **dict.fromkeys(("xgate", "ekernel"), _AXEDA),
    "eserver": replace(_AXEDA, port=56120, detail="Axeda agent"),
    "eremoteserver": replace(_AXEDA, port=3076, detail="Axeda remote server"),
    **dict.fromkeys(("teamviewer_service", "teamviewer", "teamviewer_host"), _agent("TeamViewer", 5938)),
    "anydesk": _agent("AnyDesk", 7070),
    "rustdesk": _agent("RustDesk", 21118),
    **dict.fromkeys(("rserver3", "r_server", "rserver", "r_server3"), _agent("Radmin", 4899)),
    **dict.fromkeys(("dwrcs", "dntus26", "dwrcst"), _agent("DameWare Mini Remote Control", 6129)),
    **dict.fromkeys(("logmein", "logmeinsystray", "ramaint"), _agent("LogMeIn", None)),
    **dict.fromkeys(("srmanager", "srservice", "srserver", "strwinclt"), _agent("Splashtop", 6783)),
    **dict.fromkeys(("bomgar-scc", "bomgar-pec"), _agent("BeyondTrust (Bomgar)", None)),
    **dict.fromkeys(("screenconnect.clientservice", "screenconnect.windowsclient"), _agent("ScreenConnect", None, Auth.KEY)),
    **dict.fromkeys(("awhost32", "awserv"), _agent("pcAnywhere", 5631)),
    **dict.fromkeys(
        ("ntrsupport", "ultraviewer_service", "aeroadmin", "supremosystem", "zaservice", "meshagent"), _agent("remote-control agent", None)
    ),
    **dict.fromkeys(("ngrok", "frpc"), _agent("tunnel to a relay outside", None, Auth.UNKNOWN)),
    "tlntsvr": Way("telnet", Auth.PASSWORD, encrypted=False, port=23),
    "sshd": Way("ssh", Auth.UNKNOWN, encrypted=True, port=22),
    **dict.fromkeys(("bvsshserver", "freesshdservice"), Way("ssh", Auth.UNKNOWN, encrypted=True, port=22)),
    **dict.fromkeys(("filezilla server", "filezilla-server", "servudaemon", "warftpd"), Way("ftp", Auth.UNKNOWN, encrypted=False, port=21)),
    **dict.fromkeys(("tftpd32", "tftpd32_svc", "tftpd64", "tftpd64_svc", "tftpserver"), Way("tftp", Auth.NONE, encrypted=False, port=69)),
    "snmp": Way("snmp", Auth.UNKNOWN, encrypted=False, port=161, gives=Gives.READING),
    "httpd": Way("http", Auth.UNKNOWN, encrypted=False, port=80),
    "nginx": Way("http", Auth.UNKNOWN, encrypted=False, port=80),
    "mosquitto": Way("mqtt", Auth.UNKNOWN, encrypted=False, port=1883, gives=Gives.COMMAND),
    "orthanc": Way("dicom", Auth.UNKNOWN, encrypted=False, port=4242, gives=Gives.RECORD),
    "psexesvc": Way("remote-shell", Auth.PASSWORD, encrypted=False, detail="PsExec runs programs for whoever logs in over the network"),
}
"""File name → what it opens."""

_SERVICES: dict[str, Way] = {
    "ftpsvc": Way("ftp", Auth.UNKNOWN, encrypted=None, port=21, detail="FTP service of IIS"),
    "msftpsvc": Way("ftp", Auth.UNKNOWN, encrypted=False, port=21, detail="FTP service of IIS"),
    "w3svc": Way("http", Auth.UNKNOWN, encrypted=None, port=80, detail="IIS"),
    "tlntsvr": _PROGRAMS["tlntsvr"],
}
"""Services that run inside a program of Windows, by the name of their key."""
HOSTS = frozenset({"svchost", "inetinfo", "services", "lsass"})


def way_of(words: Sequence[str], service: str = "") -> Way | None:
    """The way in that a command line opens; ``service`` is the name of its service, if it is one."""
    name = file_name(words[0]) if words else ""
    by_service = _SERVICES.get(service.lower())
    way = by_service if name in HOSTS or not name else _PROGRAMS.get(name) or by_service
    if way and name.startswith("screenconnect."):
        return _screenconnect(way, words)
    return way


def _screenconnect(way: Way, words: Sequence[str]) -> Way:
    """The relay that a ScreenConnect client keeps a connection to: ``?e=Access&…&h=HOST&p=PORT&…``."""
    relay = _RELAY.search(" ".join(words))
    return replace(way, encrypted=True, detail=f"ScreenConnect to the relay {relay.group(1)[:64]} port {relay.group(2)}") if relay else way
