"""How far the evidence shows that a part is used: its program listens, it is started, something that is started loads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from asepsis.findings.flaws.applets import MULTI_CALL, other_names
from asepsis.findings.flaws.part import Part
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, program_name, ways_in
from asepsis.findings.words import listed, short
from asepsis.model.facts import Component, Linkage, StartedProgram
from asepsis.model.vulnerability import Reached

SERVERS = {
    "openssh": ("sshd",), "apache-http-server": ("httpd", "apache2"), "samba": ("smbd", "nmbd"), "ntp": ("ntpd",), "bind": ("named",),
    "net-snmp": ("snmpd",), "postgresql": ("postgres",), "mysql": ("mysqld",), "mariadb": ("mysqld", "mariadbd"), "bluez": ("bluetoothd",),
    "wpa-supplicant": ("wpa_supplicant", "hostapd"), "avahi": ("avahi-daemon",), "strongswan": ("charon",), "mongodb": ("mongod",),
    "redis": ("redis-server",), "cups": ("cupsd",), "orthanc": ("Orthanc",), "systemd": ("systemd",), "udev": ("udevd", "systemd-udevd"),
}  # fmt: skip
"""Programs whose name is not that of their product."""
_MOST_HOPS = 8
_INIT = "init"


@dataclass(frozen=True, slots=True)
class Use:
    """How far, and the sentence that says by what."""

    reached: Reached
    words: str


class Uses:
    """Answers for the parts of one device."""

    def __init__(self, facts: Facts) -> None:
        """Nothing is computed before it is asked."""
        self._facts = facts

    def of(self, part: Part, applets: frozenset[str] = frozenset()) -> Use:
        """The farthest that was shown for any program or library of the part, or for ``applets`` if it is asked of these alone."""
        if part.device:
            return Use(Reached.USED, "it is the device itself")
        if part.is_kernel:
            return Use(Reached.STARTED, "the kernel runs whenever the device does")
        own = _file_names(part)
        names = own | _server_names(part)
        called = frozenset(other for name in names for other in self._other_names.get(name, ()))
        if applets:
            lacking = Use(Reached.PRESENT, f"it is in the {_kind(part)} {listed(sorted(applets))}, and nothing shows that the device starts that")
            return _farthest([self._applet(name, part) for name in sorted(applets & (called | own))], lacking)
        candidates = [self._program(name) for name in sorted(names)]
        candidates += [self._applet(name, part) for name in sorted(called - names)]
        candidates += [self._library(name) for name in sorted(own) if ".so" in name]
        return _farthest(candidates, _NOTHING)

    def _applet(self, name: str, part: Part) -> Use:
        """A program under another name; what is called ``init`` is what the kernel starts."""
        use = self._program(name)
        if use.reached is Reached.PRESENT and name == _INIT:
            use = Use(Reached.STARTED, "init is what the kernel starts")
        return use if use.reached is Reached.PRESENT else Use(use.reached, f"{use.words}; {short(name)} is another name of {short(part.name)}")

    def _program(self, name: str) -> Use:
        way = next((way for way in self._ways if name in way.programs and not way.exempt), None)
        if way is not None and (way.enabled or way.listeners):
            return Use(Reached.LISTENING, f"{short(name)} offers {way.label}, and is switched on")
        start = self._started.get(name)
        if start is not None:
            return Use(Reached.STARTED, f"{short(name)} is started by {short(start.by)}")
        return _NOTHING

    def _library(self, name: str) -> Use:
        """By the programs that load it, however far they are from it."""
        users = self._users(self._sonames.get(name, frozenset({name})))
        uses = [(self._program(user), user) for user in users]
        for state, reached in ((Reached.LISTENING, Reached.LISTENING), (Reached.STARTED, Reached.USED)):
            loading = [user for use, user in uses if use.reached is state]
            if loading:
                doing = "which listens for others" if state is Reached.LISTENING else "which the device starts"
                return Use(reached, f"{short(name)} is loaded by {listed(loading)}, {doing}")
        return _NOTHING

    def _users(self, sonames: frozenset[str]) -> tuple[str, ...]:
        """Everything that needs one of these libraries, or a library that needs one."""
        seen: dict[str, None] = {}
        wanted = set(sonames)
        for _ in range(_MOST_HOPS):
            users = [name for soname in sorted(wanted) for name in self._needing.get(soname, ()) if name not in seen]
            seen.update(dict.fromkeys(users))
            wanted = {soname for user in users for soname in self._sonames.get(user, frozenset())}
            if not wanted:
                break
        return tuple(sorted(seen))

    def imported(self, functions: Iterable[str]) -> tuple[str, ...]:
        """The programs that import one of ``functions``."""
        wanted = frozenset(functions)
        return tuple(sorted({_base(link.where.member) for link in self._facts.of(Linkage) if wanted.intersection(link.imports)}))

    @cached_property
    def _other_names(self) -> Mapping[str, frozenset[str]]:
        return other_names(self._facts)

    @cached_property
    def _ways(self) -> tuple[WayIn, ...]:
        return ways_in(self._facts)

    @cached_property
    def _started(self) -> dict[str, StartedProgram]:
        starts = [start for start in self._facts.of(StartedProgram) if start.enabled]
        return {name: start for start in reversed(starts) for name in (program_name(start), _base(start.program)) if name}

    @cached_property
    def _needing(self) -> dict[str, tuple[str, ...]]:
        """Library → the files that need it."""
        needing: dict[str, dict[str, None]] = {}
        for link in self._facts.of(Linkage):
            for soname in link.needs:
                needing.setdefault(soname, {})[_base(link.where.member)] = None
        return {soname: tuple(files) for soname, files in needing.items()}

    @cached_property
    def _sonames(self) -> dict[str, frozenset[str]]:
        """File → the names under which others ask for it."""
        return {name: frozenset({link.soname, name}) for link in self._facts.of(Linkage) if link.soname for name in [_base(link.where.member)]}


_NOTHING = Use(Reached.PRESENT, "nothing shows that it is started, or that anything started loads it")


def _farthest(uses: list[Use], default: Use) -> Use:
    order = list(Reached)
    found = min(uses, key=lambda use: order.index(use.reached), default=default)
    return default if found.reached is Reached.PRESENT else found


def _file_names(part: Part) -> frozenset[str]:
    """The files that are the part; a package list or a bill of materials is not."""
    return frozenset(_base(one.where.member) for one in part.said if not (isinstance(one, Component) and one.purl and one.where.line is not None))


def _server_names(part: Part) -> frozenset[str]:
    """What its programs are called when only a list names the part."""
    return frozenset({part.name.lower(), part.product, *SERVERS.get(part.product, SERVERS.get(part.name.lower(), ()))} - {""})


def _kind(part: Part) -> str:
    return "applet" if not MULTI_CALL.isdisjoint((part.product, part.name.lower())) else "program"


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]
