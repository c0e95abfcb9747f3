"""What a started command line is: which program runs, and which way in it opens. The one place that reads the options of daemons. No I/O.

Every reader of started programs (inittab, init scripts, systemd, inetd, rc.local) asks here, so that ``telnetd -l /bin/sh`` means the same
wherever it stands. Options as in BusyBox 1.36, dropbear 2024, OpenSSH 9, x11vnc 0.9.16, TigerVNC 1.13, util-linux agetty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from asepsis.evidence.protocols.command_line import SHELLS, Words, address_of, base, flag, has, option, options, port_of, program
from asepsis.model.facts import Auth, Confidence, Gives, Zone

_VERSIONED = re.compile(r"\A(python)[\d.]+\Z")


@dataclass(frozen=True, slots=True)
class Way:
    """A way in, as far as a command line shows it. Fields as in :class:`asepsis.model.facts.Service`; ``stated`` port was written, not assumed."""

    name: str
    auth: Auth = Auth.UNKNOWN
    encrypted: bool | None = False
    port: int | None = None
    stated: bool = False
    address: str = ""
    zone: Zone = Zone.DEVICE_NETWORK
    gives: Gives = Gives.CONTROL
    root_log_in: bool | None = None
    detail: str = ""
    confidence: Confidence = Confidence.CONFIRMED


def way_in(words: Words) -> Way | None:
    """The way in that a command line opens, or None if it opens none that is known."""
    rest = program(words)
    if not rest:
        return None
    name = _VERSIONED.sub(r"\1", base(rest[0]).removeprefix("in."))
    reader = _DAEMONS.get(name)
    way = reader(rest) if reader else None
    if way and way.port is None and "$" in option(rest, *_PORT_OPTIONS):
        return replace(way, detail=", ".join(filter(None, (way.detail, "its port is in a variable"))))
    return way


def ways_in(words: Words) -> tuple[Way, ...]:
    """The ways in that a command line opens: more than one where it is told of several ports and addresses."""
    way, rest = way_in(words), program(words)
    if way is None or base(rest[0]) not in _SEVERAL_PORTS:
        return (way,) if way else ()
    return tuple(replace(way, port=port_of(text), stated=port_of(text) is not None, address=_host(text)) for text in options(rest, "-p")) or (way,)


_PORT_OPTIONS = ("-p", "--port", "-rfbport", "--rfbport")
_SEVERAL_PORTS = frozenset({"dropbear", "sshd"})
"""Programs that take ``-p`` more than once (dropbear(8), sshd(8))."""


def is_served_locally(way: Way) -> bool:
    """Bound to the device itself only: nobody else reaches it."""
    return way.address in {"127.0.0.1", "localhost", "::1"}


def _at(words: Words, default: int | None, *names: str) -> dict[str, object]:
    """Port and address from an option, else the default port; none where a variable stands."""
    text = option(words, *names) if names else ""
    port = port_of(text)
    return {"port": port or (None if "$" in text else default), "stated": port is not None, "address": _host(text)}


def _host(text: str) -> str:
    """The address before a port, if it is one and no variable."""
    return address_of(text) if port_of(text) else ""


def _telnet(words: Words) -> Way:
    shell = base(option(words, "-l", "--login").split(" ")[0])
    address = option(words, "-b")
    where = _at(words, 23, "-p")
    if address:
        where["address"] = address
    if shell in SHELLS:
        return Way("telnet", Auth.NONE, detail=f"telnet gives a shell without a log-in ({shell})", root_log_in=True, **where)  # type: ignore[arg-type]
    return Way("telnet", Auth.PASSWORD, **where)  # type: ignore[arg-type]


def _dropbear(words: Words) -> Way:
    meanings = {"B": "accepts blank passwords", "g": "no password log-in for root", "w": "root may not log in at all"}
    notes = [text for name, text in meanings.items() if flag(words, name)]
    auth = Auth.KEY if flag(words, "s") else Auth.PASSWORD
    return Way("ssh", auth, True, root_log_in=not flag(words, "w"), detail=", ".join(notes), **_at(words, 22, "-p"))  # type: ignore[arg-type]


def _sshd(words: Words) -> Way | None:
    """``-t`` and ``-T`` only check the settings; these name the port where the command does not."""
    return None if flag(words, "t") or flag(words, "T") else Way("ssh", Auth.UNKNOWN, True, **_at(words, None, "-p"))  # type: ignore[arg-type]


def _ftp(words: Words) -> Way:
    if base(words[0]) == "ftpd" and flag(words, "A"):
        return Way("ftp", Auth.NONE, detail="no log-in asked for", **_at(words, 21, "-p"))  # type: ignore[arg-type]
    return Way("ftp", Auth.UNKNOWN, **_at(words, 21, "-p"))  # type: ignore[arg-type]


def _tftp(words: Words) -> Way:
    writes = flag(words, "c") or has(words, "create")
    detail = "files can be written without a log-in" if writes else "files can be read without a log-in"
    return Way("tftp", Auth.NONE, gives=Gives.CONTROL if writes else Gives.READING, detail=detail, **_at(words, 69))  # type: ignore[arg-type]


def _vnc(words: Words) -> Way:
    types = option(words, "-SecurityTypes", "-securitytypes", "--SecurityTypes").lower()
    kept = has(words, "rfbauth", "passwd", "passwdfile", "PasswordFile", "unixpw", "usepw")
    open_ = has(words, "nopw") or types == "none" or (base(words[0]) == "x11vnc" and not kept)
    where = _at(words, 5900, "-rfbport", "--rfbport")
    if has(words, "localhost"):
        where["address"] = "127.0.0.1"
    detail = "anybody may look on and take over the screen" if open_ else ""
    return Way("vnc", Auth.NONE if open_ else Auth.PASSWORD if kept else Auth.UNKNOWN, detail=detail, **where)  # type: ignore[arg-type]


_SERIAL = re.compile(r"(?:/dev/)?(?:tty(?:S|AMA|USB|ACM|mxc|O|LP|PS|SC|s|GS)\d+|tts/\d+|ttyMSM\d+|console|hvc\d+)\Z")
_VIRTUAL = re.compile(r"(?:/dev/)?(?:tty\d+|vc/\d+)\Z")


def console(words: Words, line: str = "") -> Way | None:
    """A console that a getty, or a shell itself, serves; ``line`` is the terminal if the command does not name it."""
    rest = program(words)
    if not rest:
        return None
    terminal = next((word for word in (line, *rest[1:]) if _SERIAL.match(word) or _VIRTUAL.match(word)), "")
    name = "serial-console" if _SERIAL.match(terminal) else "local-console" if terminal else ""
    if not name:
        return None
    if base(rest[0]) in SHELLS:
        return Way(name, Auth.NONE, None, zone=Zone.TOUCH, root_log_in=True, detail=f"a shell on {terminal} without a log-in")
    if "getty" not in base(rest[0]):
        return None
    open_ = base(option(rest, "-l", "--login-program")) in SHELLS or option(rest, "-a", "--autologin") != ""
    if open_:
        return Way(name, Auth.NONE, None, zone=Zone.TOUCH, root_log_in=True, detail=f"log-in skipped on {terminal}")
    return Way(name, Auth.PASSWORD, None, zone=Zone.TOUCH, detail=f"log-in on {terminal}") if name == "serial-console" else None


def _netcat(words: Words) -> Way | None:
    listens = flag(words, "l") or has(words, "listen") or any(word.startswith("-l") and word[2:].isdigit() for word in words)
    runs = option(words, "-e", "-c", "--exec", "--sh-exec") or (flag(words, "e") and "shell")
    if not (listens and runs):
        return None
    bare = [word for word in words[1:] if word.isdigit()]
    port = port_of(option(words, "-p")) or (port_of(bare[-1]) if bare else None)
    return Way("bind-shell", Auth.NONE, port=port, stated=port is not None, root_log_in=True, detail="netcat hands a shell to whoever connects")


def _socat(words: Words) -> Way | None:
    text = " ".join(words)
    listens = re.search(r"(?:TCP|OPENSSL)[46]?-LISTEN:(\d+)|TCP[46]?-L:(\d+)", text, re.IGNORECASE)
    if not listens or not re.search(r"(?:EXEC|SYSTEM):", text, re.IGNORECASE):
        return None
    port = int(listens.group(1) or listens.group(2))
    return Way("bind-shell", Auth.NONE, port=port, stated=True, root_log_in=True, detail="socat hands a program to whoever connects")


def _shellback(_words: Words) -> Way:
    return Way("bind-shell", Auth.NONE, detail="a program named after a shell for strangers", root_log_in=True, confidence=Confidence.LIKELY)


_JDWP = re.compile(r"-(?:agentlib:jdwp=|Xrunjdwp:)([\w=,.:*$\[\]{}-]{1,200})")
_LOOPBACK = "127.0.0.1"


def jdwp(text: str) -> Way | None:
    """Java's debug port as its option states it; None if the program asks a debugger itself (``server=n``) or the port is a variable."""
    found = _JDWP.search(text[:4096])
    options = dict(part.partition("=")[::2] for part in found.group(1).split(",")) if found else {}
    port = port_of(options.get("address", ""))
    if options.get("server") != "y" or options.get("transport") != "dt_socket" or port is None:
        return None
    host = address_of(options["address"])
    detail = "Java's debug port" + ("" if host else ": up to Java 8 open to everybody, since Java 9 only to the device itself")
    address = "" if host == "*" else host
    return Way("debug-agent", Auth.NONE, port=port, stated=True, address=address, detail=detail, confidence=Confidence.LIKELY)


def node_inspector(text: str) -> Way | None:
    """``--inspect[-brk][=[HOST:]PORT]`` of Node.js: on the loopback address unless a host is named."""
    found = re.search(r"(?:\A|[\s\"'=])--inspect(?:-brk|-wait)?(?:=([\w.:*\[\]]{1,64}))?(?=[\s\"']|\Z)", text[:4096])
    return _inspected(found.group(1) or "", 9229, "the inspector of Node.js") if found else None


def _inspected(value: str, default: int, detail: str) -> Way:
    """A debugger at ``[HOST:]PORT`` that stays with the device itself if no host is named."""
    return Way("debug-agent", Auth.NONE, port=port_of(value) or default, stated=True, address=address_of(value) or _LOOPBACK, detail=detail)


def _python(words: Words) -> Way | None:
    """``python -m debugpy --listen [HOST:]PORT``, ``-m ptvsd --host HOST --port PORT``."""
    module = option(words, "-m")
    if module == "debugpy" and option(words, "--listen"):
        return _inspected(option(words, "--listen"), 5678, "Python's debugger (debugpy)")
    if module == "ptvsd":
        return _inspected(f"{option(words, '--host') or _LOOPBACK}:{option(words, '--port') or 5678}", 5678, "Python's debugger (ptvsd)")
    return None


def _listening_debugger(words: Words) -> Way | None:
    """``lldb-server platform --listen '*:1234'``, ``dlv --headless --listen=:2345``."""
    value = option(words, "--listen", "-l")
    if port_of(value) is None or (base(words[0]) == "dlv" and "--headless" not in words):
        return None
    address = address_of(value)
    return Way("debug-agent", Auth.NONE, port=port_of(value), stated=True, address="" if address == "*" else address, detail="a debugger's server")


def _gdbserver(words: Words) -> Way:
    port = next((port_of(word) for word in words[1:] if ":" in word and port_of(word)), None)
    return Way("debug-agent", Auth.NONE, port=port, stated=port is not None, root_log_in=True, detail="a debugger's server")


def _docker(words: Words) -> Way | None:
    """``-H tcp://ADDRESS:PORT`` obeys whoever reaches it, unless both sides must show a certificate."""
    at = next((word.rpartition("tcp://")[2].rstrip("/") for word in words[1:] if "tcp://" in word), "")
    checked = has(words, "tlsverify")
    if not at:
        return None
    port = port_of(at)
    detail = "whoever gives orders to Docker is root of the device"
    auth = Auth.MUTUAL if checked else Auth.NONE
    address = address_of(at) if port else at
    return Way("docker", auth, checked, port or 2375, port is not None, address, root_log_in=True, detail=detail)


def _display(words: Words) -> Way | None:
    """Only if it is told to listen: no X server of today does so by itself."""
    if option(words, "-listen") != "tcp":
        return None
    open_ = has(words, "ac")
    return Way("x11", Auth.NONE if open_ else Auth.KEY, port=6000, detail="sees and moves everything on the screen" if open_ else "")


_REVERSE = re.compile(r"-[A-Za-z46]{0,12}R(?:\S*:\S+)?\Z")


def _reverse(words: Words) -> Way | None:
    """``ssh -R 2222:localhost:22 HOST``: whoever is let in there is let in here."""
    if not any(_REVERSE.match(word) for word in words[1:]):
        return None
    host = next((word.rpartition("@")[2] for word in words[1:] if "@" in word), words[-1])
    detail = f"{base(words[0])} keeps a tunnel open to {host[:64]}, through which the device is reached from outside"
    return Way("remote-support", Auth.UNKNOWN, True, detail=detail)


def _tunnel(words: Words) -> Way:
    detail = f"{base(words[0])} keeps a tunnel open, through which the device is reached from outside"
    return Way("remote-support", Auth.UNKNOWN, None, detail=detail)


def _fixed(
    name: str, port: int, auth: Auth, gives: Gives = Gives.CONTROL, *, encrypted: bool | None = None, detail: str = ""
) -> Callable[[Words], Way]:
    return lambda words: Way(name, auth, encrypted, gives=gives, detail=detail, **_at(words, port, "-p", "--port"))  # type: ignore[arg-type]


_DAEMONS: dict[str, Callable[[Words], Way | None]] = {
    **dict.fromkeys(("telnetd", "utelnetd", "telnetd.netkit"), _telnet),
    "dropbear": _dropbear,
    "sshd": _sshd,
    **dict.fromkeys(("ftpd", "vsftpd", "proftpd", "pure-ftpd", "bftpd", "stupid-ftpd"), _ftp),
    **dict.fromkeys(("tftpd", "atftpd", "tftpd-hpa"), _tftp),
    **dict.fromkeys(("x11vnc", "Xvnc", "Xtightvnc", "Xtigervnc", "x0vncserver", "vncserver", "tightvncserver", "winvnc"), _vnc),
    **dict.fromkeys(("getty", "agetty", "mgetty", "fgetty", "mingetty"), console),
    **dict.fromkeys(("nc", "ncat", "netcat"), _netcat),
    "socat": _socat,
    "shellback": _shellback,
    "gdbserver": _gdbserver,
    **dict.fromkeys(("lldb-server", "dlv"), _listening_debugger),
    "java": lambda words: next((way for way in map(jdwp, words) if way), None),
    **dict.fromkeys(("node", "nodejs"), lambda words: next((way for way in map(node_inspector, words) if way), None)),
    "python": _python,
    "adbd": _fixed("debug-agent", 5555, Auth.UNKNOWN, detail="Android debug bridge"),
    "tcf-agent": _fixed("debug-agent", 1534, Auth.NONE, encrypted=False, detail="target communication framework"),
    "snmpd": _fixed("snmp", 161, Auth.UNKNOWN, Gives.READING),
    **dict.fromkeys(("rshd", "rlogind", "rexecd"), _fixed("rsh", 514, Auth.UNKNOWN, encrypted=False)),
    "rsync": lambda words: _fixed("rsync", 873, Auth.UNKNOWN, Gives.RECORD, encrypted=False)(words) if has(words, "daemon") else None,
    **dict.fromkeys(("httpd", "uhttpd", "lighttpd", "boa", "goahead", "webs", "mini_httpd", "thttpd", "nginx"), _fixed("http", 80, Auth.UNKNOWN)),
    "mosquitto": _fixed("mqtt", 1883, Auth.UNKNOWN, Gives.COMMAND),
    "dockerd": _docker,
    **dict.fromkeys(("X", "Xorg", "Xfbdev"), _display),
    "Orthanc": _fixed("dicom", 4242, Auth.UNKNOWN, Gives.RECORD),
    "storescp": _fixed("dicom", 104, Auth.UNKNOWN, Gives.RECORD),
    "xrdp": _fixed("rdp", 3389, Auth.PASSWORD),
    "teamviewerd": _fixed("remote-support", 5938, Auth.PASSWORD, encrypted=True, detail="TeamViewer"),
    "anydesk": _fixed("remote-support", 7070, Auth.PASSWORD, encrypted=True, detail="AnyDesk"),
    "rustdesk": _fixed("remote-support", 21118, Auth.PASSWORD, encrypted=True, detail="RustDesk"),
    **dict.fromkeys(("ngrok", "frpc", "zerotier-one", "tailscaled", "cloudflared"), _tunnel),
    **dict.fromkeys(("ssh", "autossh", "dbclient"), _reverse),
    **dict.fromkeys(("xGate", "EKernel", "EServer", "ERemoteServer"), _fixed("remote-support", 3011, Auth.UNKNOWN, detail="Axeda agent")),
}
"""Program name → what its command line opens."""

OPENERS = frozenset(_DAEMONS)
"""The names of all programs that may open a way in."""
