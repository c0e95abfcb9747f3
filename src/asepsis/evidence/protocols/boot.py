"""What a boot loader's variables and a kernel's command line mean for whoever holds the device. No I/O.

Variables as in U-Boot's documentation (``doc/usage/environment.rst``, ``doc/README.autoboot``), 2009 to 2024; parameters as in Linux
``Documentation/admin-guide/kernel-parameters.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from asepsis.evidence.protocols import key_names
from asepsis.evidence.protocols.command_line import SHELLS, base
from asepsis.evidence.protocols.secrets import stored, wifi_form
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Fact, Gives, HardwareAccess, Service, StoredSecret, UpdateMechanism, Zone
from asepsis.model.secret import SecretForm, SecretKind
from asepsis.model.where import Where


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's ``value`` and the place where it stands."""

    value: str
    where: Where


Variables = Mapping[str, Variable]

_SERIAL = re.compile(r"(?:tty(?:S|AMA|USB|mxc|O|LP|HSL|HS|PS|UL|STM|SAC|MSM|GS|ACM|THS|AL|LTQ|SC|SIF)|hvc|uart|serial)\d*\Z")
_RESCUE = frozenset({"single", "emergency", "systemd.unit=rescue.target", "systemd.unit=emergency.target"})
_NET_BOOT = re.compile(r"(?:^|[\s;&|{])(tftp(?:boot)?|dhcp|bootp|pxe|nfs|rarpboot)(?=[\s;&|}]|$)")
_USB_BOOT = re.compile(r"(?:^|[\s;&|{])(?:fatload|ext[24]load|load|ext2load)\s+usb\b")
_STARTS = re.compile(r"(?:^|[\s;&|{])boot[mziepf]+\b")
_RUN = re.compile(r"(?:^|[\s;&|{])run\s+([\w.\- ]+)")
_STOP_KEYS = ("bootstopkey", "bootstopkey2", "bootdelaykey", "bootdelaykey2")
_STOP_HASHES = ("bootstopkeysha256", "bootstopkeycrypt")
_NO = frozenset({"n", "no", "0", "false", "off"})
_MOST_RUNS = 64
_LONGEST = 128
_CONSOLE = "U-Boot console"


def of_environment(source: BoundedSource, variables: Variables, confidence: Confidence = Confidence.CONFIRMED) -> Iterator[Fact]:
    """What the variables of a boot loader show. ``confidence`` LIKELY is for those built into its program, which stored ones replace."""
    yield from boot_console(variables)
    for name in sorted(variables):
        if "args" in name:
            yield from of_kernel_line(variables[name].value, variables[name].where, confidence)
    yield from _loads(variables)
    yield from _secrets(source, variables, confidence)


def boot_console(variables: Variables) -> Iterator[HardwareAccess]:
    """Whether somebody at the serial line can stop the start and type commands."""
    delay = variables.get("bootdelay")
    if delay is None:
        return
    keyed = [name for name in (*_STOP_KEYS, *_STOP_HASHES) if name in variables and variables[name].value]
    silent = variables.get("stdin")
    seconds = _number(delay.value)
    if seconds == -2:  # noqa: PLR2004 - the documented value
        yield HardwareAccess(delay.where, _CONSOLE, Gives.CONTROL, Auth.UNKNOWN, "bootdelay=-2: nothing stops the start", enabled=False)
    elif silent is not None and silent.value.split(",")[0] == "nulldev":
        yield HardwareAccess(delay.where, _CONSOLE, Gives.CONTROL, Auth.UNKNOWN, "stdin=nulldev: it listens to nobody", enabled=False)
    elif keyed:
        yield HardwareAccess(delay.where, _CONSOLE, Gives.CONTROL, Auth.PASSWORD, f"{keyed[0]} is set: the start is stopped by a word")
    elif seconds is not None and seconds > 0:
        what = f"bootdelay={seconds}: a key pressed at the serial line stops the start, and then any software can be started"
        yield HardwareAccess(delay.where, _CONSOLE, Gives.CONTROL, Auth.NONE, what)
    elif seconds == -1:
        yield HardwareAccess(delay.where, _CONSOLE, Gives.CONTROL, Auth.NONE, "bootdelay=-1: it waits for commands at the serial line")
    else:
        what = f"bootdelay={delay.value[:16]}: whether a key pressed in advance stops the start hangs on how it was built"
        yield HardwareAccess(delay.where, _CONSOLE, Gives.CONTROL, Auth.UNKNOWN, what)


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?\d{1,9}", text.strip()) else None


def of_kernel_line(line: str, where: Where, confidence: Confidence = Confidence.CONFIRMED) -> Iterator[Fact]:
    """What a kernel's command line opens: a shell instead of the start, a debugger at a serial line, a root file system from the network."""
    words = line.split()[:_LONGEST]
    values = dict(word.split("=", 1) for word in words if "=" in word)
    consoles = [word.split("=", 1)[1].split(",")[0] for word in words if word.startswith("console=")]
    serial = next((name for name in reversed(consoles) if _SERIAL.match(name)), "")
    line_name = "serial-console" if serial else "local-console"
    shell = next((key for key in ("init", "rdinit") if base(values.get(key, "")) in SHELLS), "")
    if shell:
        detail = f"{shell}={values[shell][:64]}: a root shell instead of the start"
        yield Service(where, line_name, "", Auth.NONE, enabled=True, zone=Zone.TOUCH, root_log_in=True, detail=detail, confidence=confidence)
    elif _RESCUE.intersection(words):
        detail = "it starts in single-user mode: a root shell, behind root's password if there is one"
        yield Service(where, line_name, "", enabled=True, zone=Zone.TOUCH, detail=detail, confidence=Confidence.LIKELY)
    elif serial:
        detail = f"the kernel's console is {serial}"
        yield Service(where, "serial-console", zone=Zone.TOUCH, detail=detail, confidence=Confidence.WEAK)
    if "systemd.debug-shell" in words or values.get("systemd.debug-shell", "").lower() in {"1", "yes", "true", "on"}:
        detail = "systemd.debug-shell: a root shell on the ninth console"
        yield Service(where, "local-console", "", Auth.NONE, enabled=True, zone=Zone.TOUCH, root_log_in=True, detail=detail, confidence=confidence)
    if "kgdboc" in values:
        detail = f"kgdboc={values['kgdboc'][:32]}: the kernel's debugger listens there"
        yield Service(where, "debug-agent", "kgdb", Auth.NONE, enabled=True, zone=Zone.TOUCH, detail=detail, confidence=confidence)
    if "nfsroot" in values or values.get("root") == "/dev/nfs":
        yield UpdateMechanism(where, "nfs-root", Zone.DEVICE_NETWORK, signature_checked=False, transport_protected=False)


def _loads(variables: Variables) -> Iterator[UpdateMechanism]:
    """Where the boot loader takes its software from when nobody types: what stands in ``bootcmd`` and in what that runs."""
    start = variables.get("bootcmd")
    if start is None:
        return
    commands = _all_run(variables)
    unchecked = variables["verify"].value.strip().lower() in _NO if "verify" in variables else False
    signed = False if unchecked else None
    if _NET_BOOT.search(commands):
        yield UpdateMechanism(start.where, "u-boot-network", Zone.DEVICE_NETWORK, signature_checked=signed, transport_protected=False)
    if _USB_BOOT.search(commands):
        yield UpdateMechanism(start.where, "u-boot-usb", Zone.TOUCH, signature_checked=signed)
    if unchecked and _STARTS.search(commands):
        yield UpdateMechanism(variables["verify"].where, "u-boot-image", Zone.TOUCH, signature_checked=False)


def _all_run(variables: Variables) -> str:
    """``bootcmd`` and every variable that it runs, each once."""
    waiting, seen = ["bootcmd"], dict[str, str]()
    while waiting and len(seen) < _MOST_RUNS:
        name = waiting.pop(0)
        if name in variables and name not in seen:
            seen[name] = variables[name].value
            waiting += [word for names in _RUN.findall(seen[name]) for word in names.split()]
    return "\n".join(seen.values())


def _secrets(source: BoundedSource, variables: Variables, confidence: Confidence) -> Iterator[StoredSecret]:
    """Variables whose name says that they hold a secret; a word that stops the start is one too."""
    for name, variable in sorted(variables.items()):
        kind = SecretKind.LOGIN if name in (*_STOP_KEYS, *_STOP_HASHES) else key_names.secret_kind(name)
        value = variable.value.strip()
        if kind is None or not value or len(value) > _LONGEST or value.startswith("/"):
            continue
        form = SecretForm.HASHED if name in _STOP_HASHES else wifi_form(value) if kind is SecretKind.WIFI else SecretForm.CLEARTEXT
        redacted = stored(source, kind, form, value, script=True)
        names = filter(key_names.is_ssid if kind is SecretKind.WIFI else key_names.is_user, variables)
        other = key_names.related(name, names)
        subject = "boot console" if kind is SecretKind.LOGIN else variables[other].value[:64] if other else ""
        yield StoredSecret(variable.where, redacted, "u-boot", subject, name, key_names.service(name), confidence)
