"""Ways in: what several files say about one service, put together.

A service's program is named in ``inittab``, its settings in a file of its own, its port in a third. Rules need the whole: what it is called in
claims, whether it is started, whom it lets in. Two facts speak of one service when name and zone are equal and neither program, port nor
subject contradict each other; what a fact leaves open contradicts nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from asepsis.findings.firewall import NO_SHIELD, Shield, shield
from asepsis.findings.named_accounts import is_kept_out
from asepsis.findings.rule import Facts
from asepsis.findings.witness import most_certain, shown, surest, unique
from asepsis.findings.words import PROPOSAL, UNNAMED, place, short
from asepsis.findings.wrappers import wrappers
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.dismissed import Exemption
from asepsis.model.facts import Auth, Confidence, Gives, Listener, Service, StartedProgram, Zone
from asepsis.model.finding import Certainty
from asepsis.model.where import Where

STANDARD_PORTS = {
    "telnet": 23, "ssh": 22, "ftp": 21, "tftp": 69, "vnc": 5900, "snmp": 161, "http": 80, "https": 443, "hl7": 2575, "dicom": 104,
    "rsh": 514, "rlogin": 513, "rexec": 512, "echo": 7, "chargen": 19,
    "mqtt": 1883, "redis": 6379, "postgresql": 5432, "smb": 445, "nfs": 2049, "rsync": 873, "docker": 2375, "x11": 6000,
    "rdp": 3389, "mysql": 3306, "mongodb": 27017, "ipp": 631,
}  # fmt: skip
"""Ports that need no mention in a service's name (domain facts 6.1)."""

_OVER_UDP = frozenset({"tftp", "snmp", "wdb"})
_BY_NETWORK = frozenset({Zone.DEVICE_NETWORK, Zone.HOSPITAL_NETWORK, Zone.INTERNET, Zone.WIFI_RANGE})

PROGRAMS = {
    "telnetd": "telnet", "in.telnetd": "telnet", "utelnetd": "telnet",
    "sshd": "ssh", "dropbear": "ssh",
    "ftpd": "ftp", "in.ftpd": "ftp", "vsftpd": "ftp", "proftpd": "ftp", "pure-ftpd": "ftp", "bftpd": "ftp", "stupid-ftpd": "ftp",
    "tftpd": "tftp", "in.tftpd": "tftp", "atftpd": "tftp",
    "x11vnc": "vnc", "Xvnc": "vnc", "vncserver": "vnc", "winvnc": "vnc",
    "snmpd": "snmp", "mini_snmpd": "snmp",
    "rshd": "rsh", "in.rshd": "rsh", "rlogind": "rlogin", "in.rlogind": "rlogin", "rexecd": "rexec", "in.rexecd": "rexec",
}  # fmt: skip
"""Programs whose start alone shows a service, by their file name (domain facts 7.2)."""

LABELS = {
    "telnet": "Telnet", "ssh": "SSH", "ftp": "FTP", "tftp": "TFTP", "vnc": "VNC", "snmp": "SNMP", "http": "the web interface",
    "https": "the web interface", "hl7": "HL7", "dicom": "DICOM", "serial-console": "the serial console", "local-console": "the console",
    "bind-shell": "an open shell",
    "mqtt": "the MQTT broker",
    "redis": "the database Redis", "postgresql": "the database PostgreSQL", "smb": "a Windows share", "nfs": "an NFS share",
    "mysql": "the database MySQL", "mongodb": "the database MongoDB", "ipp": "the print service",
    "rsync": "the rsync service", "docker": "the Docker engine", "x11": "the X display",
    "debug-agent": "a debug agent", "remote-support": "a remote-support program", "pump-protocol": "the pump protocol",
    "rdp": "Remote Desktop", "auto-logon": "Windows",
}  # fmt: skip

KEPT_OUT = "accounts of the device may not log in"
"""How readers say in ``detail`` that a service is for strangers, or for accounts of its own, only."""

TAKES_NO_KEYS = "takes no keys"
"""How readers say in ``detail`` that an SSH service refuses every key."""
ROOT_KEPT_OUT = "root may not log in at all"
"""How readers say in ``detail`` that neither password nor key lets root in."""

_STRENGTH = {Auth.NONE: 0, Auth.PASSWORD: 1, Auth.KEY: 2, Auth.MUTUAL: 3, Auth.UNKNOWN: 4}


@dataclass(frozen=True, slots=True)
class WayIn:
    """One service with everything that was read about it. ``id`` is its name in claims."""

    id: str
    name: str
    zone: Zone
    parts: tuple[Service, ...]
    starts: tuple[StartedProgram, ...]
    listeners: tuple[Listener, ...]
    seen: tuple[tuple[Certainty, str], ...]
    shield: Shield = NO_SHIELD
    wrappers: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a person calls it."""
        return LABELS.get(self.name, short(self.name)) or "an unnamed service"

    @property
    def subject(self) -> str:
        """What it is called on the air, or an empty string."""
        return next((part.subject for part in self.parts if part.subject), "")

    @property
    def programs(self) -> frozenset[str]:
        """The file names of the programs that serve it, as far as they are named."""
        return frozenset(name for name in (*(_base(part.program) for part in self.parts), *map(program_name, self.starts)) if name)

    @property
    def auth(self) -> Auth:
        """The weakest that any of its facts states that is not switched off; unknown only if none states one."""
        return min((part.auth for part in self._live), key=_STRENGTH.__getitem__, default=Auth.UNKNOWN)

    @property
    def _live(self) -> tuple[Service, ...]:
        """What is said of it where it is not switched off; all of it, if it is switched off everywhere."""
        return tuple(part for part in self.parts if part.enabled is not False) or self.parts

    @property
    def enabled(self) -> bool | None:
        """Its own settings first, then whether its program is started; None if neither was seen.

        A start script runs and then asks the settings, so settings that say "off" outweigh it.
        """
        starting = {start.where for start in self.starts}
        settings = [part.enabled for part in self.parts if part.where not in starting]
        if settings and all(setting is False for setting in settings):
            return False
        stated = [part.enabled for part in self.parts if part.enabled is not None]
        stated = stated or [start.enabled for start in self.starts if start.enabled is not None]
        return any(stated) if stated else None

    @property
    def switched_off(self) -> bool:
        """Somebody said that it is off: it is there but lets nobody in."""
        return self.enabled is False

    @property
    def only_local(self) -> bool:
        """Bound to the loopback address only: nobody outside the device can speak to it.

        Settings speak for every start of the program; without them each start speaks for itself. Whatever names no address is open.
        """
        starting = {start.where for start in self.starts}
        settings = [part.address for part in self.parts if part.where not in starting]
        addresses = (settings or [part.address for part in self.parts]) + [listener.address for listener in self.listeners]
        addresses += [part.address for part in self.parts if part.address]
        return bool(addresses) and all(map(_is_loopback, addresses))

    @property
    def exempt(self) -> str:
        """Why it is no way in, or an empty string."""
        return {
            Exemption.SWITCHED_OFF: f"{self.label} is installed but switched off ({place(self.locations[0])})",
            Exemption.LOOPBACK_ONLY: f"{self.label} answers only on the device's own loopback address ({place(self.locations[0])})",
        }.get(self.exemption, "")

    @property
    def exemption(self) -> Exemption:
        """What keeps everybody out; ``OTHER`` if nothing does."""
        if self.switched_off:
            return Exemption.SWITCHED_OFF
        if self.only_local:
            return Exemption.LOOPBACK_ONLY
        return Exemption.OTHER

    @property
    def root_log_in(self) -> bool | None:
        """Whether root may log in, as far as stated; a refusal anywhere counts only if nothing allows it."""
        stated = [part.root_log_in for part in self._live if part.root_log_in is not None]
        return any(stated) if stated else None

    @property
    def keeps_accounts_out(self) -> bool:
        """Every file of its settings says that the device's own accounts may not log in."""
        starting = {start.where for start in self.starts}
        settings = [part.detail for part in self.parts if part.where not in starting]
        return bool(settings) and all(KEPT_OUT in detail for detail in settings)

    def says(self, note: str) -> bool:
        """Whether all files of its settings, or all its starts, say ``note`` in their details."""
        starting = {start.where for start in self.starts}
        groups = ([part for part in self.parts if (part.where in starting) is started] for started in (False, True))
        return any(group and all(note in part.detail for part in group) for group in map(list, groups))

    def keeps_out(self, account: str) -> bool:
        """Every file of its settings says by name that this account may not log in."""
        starting = {start.where for start in self.starts}
        settings = [part.detail for part in self.parts if part.where not in starting]
        return bool(settings) and all(is_kept_out(account, detail) for detail in settings)

    @property
    def certainty(self) -> Certainty:
        """Reachable if seen listening or answering, enabled if a start was seen, else present."""
        steps = [step for step, _ in self.seen]
        outside = any(not _is_loopback(listener.address) for listener in self.listeners)
        bound = any(part.address and not _is_loopback(part.address) for part in self.parts)
        open_ = Certainty.ENABLED if self.shield.dropped else Certainty.REACHABLE
        if self.enabled:
            steps.append(open_ if bound else Certainty.ENABLED)
        if outside and not self.switched_off:
            steps.append(open_)
        return most_certain(steps)

    @property
    def shown_by(self) -> tuple[str, ...]:
        """What showed the certainty."""
        lines = [_started(start) for start in self.starts if start.enabled]
        lines += [f"switched on: {place(part.where)}" for part in self.parts if part.enabled]
        lines += [f"listens on port {listener.port}: {place(listener.where)}" for listener in self.listeners]
        lines += [words for step, words in self.seen if step is not Certainty.PRESENT]
        lines += (*self.shield.lines, *self.wrappers)
        if self.shield.closed:
            lines.append(
                f"behind the device's own firewall, which drops it from everybody as far as its rules could be followed ({self.shield.closed})"
            )
        return unique(lines) or ("no start was seen, so it is only present",)

    @property
    def assumes(self) -> tuple[str, ...]:
        """What a path through it takes for granted."""
        name, said = f"{self.label[0].upper()}{self.label[1:]}", []
        if self.certainty is Certainty.PRESENT:
            said.append(f"{name} is taken to be started: no start or stop was seen {PROPOSAL}")
        if self.shield.closed:
            said.append(f"{name} is taken to be reached although the device's own firewall drops it: that was not tried {PROPOSAL}")
        return tuple(said)

    @property
    def confidence(self) -> Confidence:
        """The best of its facts."""
        return surest(part.confidence for part in self.parts)

    @property
    def locations(self) -> tuple[Where, ...]:
        """The places that name it."""
        return unique(thing.where for thing in (*self.parts, *self.starts))

    @property
    def details(self) -> tuple[str, ...]:
        """What its settings say, in the readers' words."""
        return unique(short(part.detail, 160) for part in self.parts if part.detail)

    def claims(self, auth: Auth | None = None) -> tuple[Claim, ...]:
        """That it is there, and what it gives. ``auth`` overrides what was read. Nothing is claimed of a service that lets nobody in."""
        if self.exempt:
            return ()
        gives = sorted({part.gives for part in self._live} or {Gives.CONTROL})
        return (claim("service", THIS, self.id, self.zone, auth or self.auth), *(claim("service_gives", THIS, self.id, gain) for gain in gives))


@dataclass(slots=True)
class _Group:
    name: str
    zone: Zone
    program: str
    port: int | None
    parts: list[Service]
    starts: list[StartedProgram]
    subject: str = ""

    def takes(self, part: Service) -> bool:
        same = self.name == part.name and self.zone == part.zone
        return same and _agree(self.program, _base(part.program)) and _agree(self.port, part.port) and _agree(self.subject, part.subject)

    @property
    def base(self) -> str:
        unusual = self.port is not None and self.port != STANDARD_PORTS.get(self.name)
        name = short(self.name) or UNNAMED
        return f"{name}-{self.port}" if unusual else name


def ways_in(facts: Facts, *names: str) -> tuple[WayIn, ...]:
    """Every way in, or those with one of ``names``, by id."""
    groups = _grouped(facts)
    listeners = facts.of(Listener)
    ids = _ids(groups)
    ways = (
        WayIn(
            id_,
            group.name,
            group.zone,
            tuple(group.parts),
            tuple(group.starts),
            tuple(listener for listener in listeners if _listens(listener, group)),
            unique(shown(facts, part.where) for part in group.parts),
            _shield(facts, group),
            wrappers(facts, group.parts, group.starts) if group.zone in _BY_NETWORK else (),
        )
        for id_, group in zip(ids, groups, strict=True)
    )
    return tuple(sorted((way for way in ways if not names or way.name in names), key=lambda way: way.id))


def _started(start: StartedProgram) -> str:
    """What starts it, as whom, and when, as far as that was read."""
    user = f" as {short(start.user)}" if start.user else ""
    levels = f" in {short(start.run_levels)}" if start.run_levels else ""
    return f"started by {short(start.by)}{user}{levels} ({place(start.where)})"


def _shield(facts: Facts, group: _Group) -> Shield:
    """The device's own firewall before it; nothing stands before what is touched or heard by radio."""
    if group.zone not in _BY_NETWORK:
        return NO_SHIELD
    port = group.port if group.port is not None else STANDARD_PORTS.get(group.name)
    places = [thing.where for thing in (*group.parts, *group.starts)]
    return shield(facts, places, "udp" if group.name in _OVER_UDP else "tcp", port)


def program_name(start: StartedProgram) -> str:
    """The file name of what is started; of a multi-call program (BusyBox) the name it is called by."""
    name = _base(start.program)
    words = start.command.split()
    if name in {"busybox", "toybox"} and len(words) > 1:
        return _base(words[1])
    return name


def _grouped(facts: Facts) -> list[_Group]:
    groups: list[_Group] = []
    for part in sorted(facts.of(Service), key=lambda part: (-bool(part.program) - (part.port is not None), part.where.sort_key)):
        program = _base(part.program)
        joined = [group for group in groups if group.takes(part)]
        for group in joined:
            group.parts.append(part)
            group.program, group.port = group.program or program, group.port if group.port is not None else part.port
        if not joined:
            groups.append(_Group(part.name, part.zone, program, part.port, [part], [], part.subject))
    for start in facts.of(StartedProgram):
        _join_start(groups, start)
    return groups


def _join_start(groups: list[_Group], start: StartedProgram) -> None:
    """A start belongs to the groups of its program; a known server that nothing else names is a service by itself.

    One program may serve several ways in (a shell at a serial line, another at a port): then a start belongs to what its own line opens.
    """
    name = program_name(start)
    service = PROGRAMS.get(name, "")
    by_program = [group for group in groups if group.program == name or (not group.program and service and group.name == service)]
    joined = [group for group in by_program if any(part.where == start.where for part in group.parts)] or by_program
    for group in joined:
        group.starts.append(start)
    if not joined and service:
        groups.append(_Group(service, Zone.DEVICE_NETWORK, name, None, [], [start]))


def _ids(groups: Iterable[_Group]) -> Iterator[str]:
    """A name for each: the service's own; with program, zone or a number only where two would be called the same."""
    groups = list(groups)
    same = Counter(group.base for group in groups)
    used: Counter[str] = Counter()
    for group in groups:
        name = group.base if same[group.base] == 1 else f"{group.base}-{short(group.program) or group.zone.value}"
        used[name] += 1
        yield name if used[name] == 1 else f"{name}-{used[name]}"


def _listens(listener: Listener, group: _Group) -> bool:
    if group.zone is Zone.TOUCH:
        return False
    if group.port is not None:
        return listener.port == group.port
    return bool(group.program and _base(listener.program) == group.program)


def _agree(one: str | int | None, other: str | int | None) -> bool:
    return one in {"", None} or other in {"", None} or one == other


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"
