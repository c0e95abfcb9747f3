r"""Remote-control programs, saved sessions and wireless networks: what the registry keeps of their secrets. No I/O.

VNC programs keep the password in eight bytes under DES with a published key. TeamViewer up to 14.7.1965 encrypts under one key for all
installations (CVE-2019-18988). PuTTY keeps the password of a proxy in clear, WinSCP one of a session under a published transformation. Radmin 2
keeps an unsalted MD5 hash, Radmin 3 a salted one. Windows XP keeps wireless keys as blobs
(``Static#0000``, structure ``WZC_WLAN_CONFIG``) that the system itself opens [K].
"""

from __future__ import annotations

import re
import struct

from asepsis.evidence.protocols.registry.key import REG_BINARY, Key, Value
from asepsis.evidence.protocols.secrets import stored
from asepsis.evidence.reader import Emit
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_HEX = re.compile(r"[0-9A-Fa-f]{16}")
_VNC_NAMES = ("password", "passwordviewonly", "controlpassword", "adminpassword")
_DES_BLOCK = 8


def vnc(source: BoundedSource, key: Key, emit: Emit) -> None:
    """Passwords and settings of RealVNC, TightVNC, TigerVNC, UltraVNC and WinVNC."""
    for name in _VNC_NAMES:
        value = key.values.get(name)
        block = _des_block(value) if value else b""
        if value and block:
            redacted = source.redact(SecretKind.REMOTE_SUPPORT, SecretForm.RECOVERABLE, block)
            emit(StoredSecret(value.where, redacted, "vnc", "", value.name[:64], "vnc"))
    open_ = "usevncauthentication" in key.values and not key.number("usevncauthentication")
    open_ = open_ or key.text("securitytypes").lower() == "none" or key.text("authentication").lower() == "none"
    port = key.number("rfbport") or key.number("portnumber")
    if open_ or port:
        detail = "anybody may look on and take over the screen" if open_ else ""
        where = key.place("usevncauthentication", "securitytypes", "authentication", "rfbport", "portnumber")
        number = port if port and port < 65536 else 5900  # noqa: PLR2004
        emit(Service(where, "vnc", auth=Auth.NONE if open_ else Auth.UNKNOWN, encrypted=False, port=number, detail=detail))


def _des_block(value: Value) -> bytes:
    """The eight bytes of a VNC password, kept as bytes or as hex; nothing for an empty one."""
    if value.kind == REG_BINARY:
        return value.data[:_DES_BLOCK] if len(value.data) in {8, 16} else b""
    found = _HEX.match(value.text)
    return bytes.fromhex(found.group()) if found else b""


_TEAMVIEWER_SECRETS = (
    "securitypasswordaes", "optionspasswordaes", "serverpasswordaes", "permanentpassword", "securitypasswordexported", "proxypasswordaes",
    "licensekeyaes",
)  # fmt: skip
_LAST_SHARED_KEY = (14, 7, 1965)


def teamviewer(source: BoundedSource, key: Key, emit: Emit) -> None:
    """The agent's passwords; with an identity of its own it can be reached."""
    old = _version(key.text("version")) <= _LAST_SHARED_KEY
    for name in _TEAMVIEWER_SECRETS:
        value = key.values.get(name)
        if value and value.data.strip(b"\0"):
            redacted = source.redact(SecretKind.REMOTE_SUPPORT, SecretForm.RECOVERABLE if old else SecretForm.SEALED, value.data)
            emit(StoredSecret(value.where, redacted, "teamviewer", "TeamViewer", value.name[:64], "remote-support", Confidence.LIKELY))
    if key.number("clientid"):
        detail = f"TeamViewer {key.text('version')[:24]}".strip()
        emit(Service(key.place("clientid"), "remote-support", "TeamViewer_Service.exe", Auth.PASSWORD, encrypted=True, port=5938, detail=detail))


def _version(text: str) -> tuple[int, ...]:
    """The numbers of a version; an unknown one counts as old, since old ones are what devices have."""
    return tuple(int(part) for part in re.findall(r"\d{1,6}", text)[:3])


def radmin(source: BoundedSource, key: Key, emit: Emit) -> None:
    """Radmin's own password (version 2: unsalted MD5) and its port."""
    parameter = key.values.get("parameter")
    if parameter and len(parameter.data) == 16 and parameter.data.strip(b"\0"):  # noqa: PLR2004 - MD5
        redacted = source.redact(SecretKind.REMOTE_SUPPORT, SecretForm.HASHED, parameter.data)
        emit(StoredSecret(parameter.where, redacted, "radmin", "Radmin", parameter.name[:64], "remote-support"))
    port = key.values.get("port")
    number = int.from_bytes(port.data[:2], "little") if port and len(port.data) >= 2 else 4899  # noqa: PLR2004
    emit(Service(key.place("parameter", "port"), "remote-support", "", Auth.PASSWORD, encrypted=True, port=number or 4899, detail="Radmin"))


def saved_session(source: BoundedSource, key: Key, emit: Emit) -> None:
    """Passwords with which PuTTY and WinSCP log in elsewhere."""
    for name, user, form in (("proxypassword", "proxyusername", SecretForm.CLEARTEXT), ("password", "username", SecretForm.RECOVERABLE)):
        secret = key.text(name)
        if secret:
            redacted = stored(source, SecretKind.APPLICATION, form, secret)
            emit(StoredSecret(key.place(name), redacted, "connection", key.text(user)[:64], key.values[name].name[:64]))


_CONFIG = struct.Struct("<I4x8xI32s")
_KEY_LENGTH = struct.Struct("<I")
_KEY_LENGTH_AT, _KEY_AT, _KEY_MOST = 112, 116, 32


def wireless(source: BoundedSource, key: Key, emit: Emit) -> None:
    """Preferred networks of Windows XP's wireless service, one blob each."""
    for name, value in sorted(key.values.items()):
        if not name.startswith("static#") or len(value.data) < _KEY_AT + _KEY_MOST:
            continue
        _, length, ssid = _CONFIG.unpack_from(value.data)
        size = min(_KEY_LENGTH.unpack_from(value.data, _KEY_LENGTH_AT)[0], _KEY_MOST)
        if not size:
            continue
        called = ssid[: min(length, 32)].decode("utf-8", "replace")
        redacted = source.redact(SecretKind.WIFI, SecretForm.RECOVERABLE, value.data[_KEY_AT : _KEY_AT + size])
        emit(StoredSecret(value.where, redacted, "wzcsvc", called, value.name[:64], "", Confidence.LIKELY))


MEANINGS = (
    ("software\\realvnc\\winvnc4", vnc),
    ("software\\realvnc\\vncserver", vnc),
    ("software\\tigervnc\\winvnc4", vnc),
    ("software\\tightvnc\\server", vnc),
    ("software\\orl\\winvnc3", vnc),
    ("software\\orl\\winvnc3\\default", vnc),
    ("software\\ultravnc", vnc),
    ("software\\teamviewer", teamviewer),
    ("software\\teamviewer\\*", teamviewer),
    ("system\\radmin\\v2.0\\server\\parameters", radmin),
    ("software\\radmin\\v3.0\\server\\parameters", radmin),
    ("software\\simontatham\\putty\\sessions\\*", saved_session),
    ("software\\martin prikryl\\winscp 2\\sessions\\*", saved_session),
    ("software\\microsoft\\wzcsvc\\parameters\\interfaces\\*", wireless),
)
