"""Tunnels that keep a way in open through somebody else's server: ngrok, frp, ZeroTier, Tailscale.

``ngrok.yml`` (``authtoken:``), ``frpc.ini``/``frpc.toml`` (``server_addr``, ``token``), ZeroTier ``identity.secret``
(``address:0:public:private`` in hex), Tailscale ``tailscaled.state`` (JSON with the private keys of the machine).

Known ways it lies: settings stay after the program was taken away; ngrok's file may name no tunnel at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from asepsis.evidence.protocols.secrets import is_documentation, stored
from asepsis.evidence.protocols.text import unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import Auth, Confidence, Service, StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_NAMES = (
    (re.compile(r"(?:^|/)ngrok[^/]*\.ya?ml$"), "ngrok"),
    (re.compile(r"(?:^|/)frpc[^/]*\.(?:ini|toml)$"), "frpc"),
    (re.compile(r"(?:^|/)zerotier-one/identity\.secret$"), "zerotier-one"),
    (re.compile(r"(?:^|/)tailscale(?:d)?/tailscaled\.state$|(?:^|/)tailscaled\.state$"), "tailscaled"),
)
_SETTING = re.compile(r"\s*([\w.\-]{1,40})\s*[:=]\s*(.{1,1024}?)\s*$")
_TOKENS = {"ngrok": frozenset({"authtoken", "api_key"}), "frpc": frozenset({"token", "auth.token", "privilege_token", "sk", "http_passwd"})}
_SERVERS = frozenset({"server_addr", "serveraddr", "server_hostname"})
_ZEROTIER = re.compile(r"[0-9a-f]{10}:0:[0-9a-f]{128}:([0-9a-f]{128})")
_TAILSCALE = re.compile(r'"(_machinekey|profile-\w{1,16})"\s*:\s*"([^"]{16,8192})"')


class TunnelsReader:
    """Emits a :class:`StoredSecret` for each token and key, and the :class:`Service` ``remote-support``."""

    info = ReaderInfo("tunnels", "Tunnels through a server outside", (StoredSecret, Service), ("ngrok.yml", "frpc.ini", "identity.secret"))
    signs = Signs(paths=tuple(pattern for pattern, _ in _NAMES), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        return Sureness.YES if _program(path) and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line."""
        program, server, first = _program(source.path), "", 1
        confidence = Confidence.WEAK if is_documentation(source.where().path) else Confidence.CONFIRMED
        for number, line in source.lines():
            setting = _SETTING.match(line[:4096])
            if setting and setting[1].lower() in _SERVERS:
                server, first = unquote(setting[2]), number
            for name, secret in _secrets(program, line):
                kind = SecretKind.KEY if program in {"zerotier-one", "tailscaled"} else SecretKind.REMOTE_SUPPORT
                redacted = stored(source, kind, SecretForm.CLEARTEXT, secret)
                emit(StoredSecret(source.where(line=number), redacted, program, program, name[:64], "", confidence))
        detail = f"{program} keeps a tunnel open{f' to {server[:64]}' if server else ''}, through which the device is reached from outside"
        where = source.where(line=first)
        emit(Service(where, "remote-support", program, Auth.UNKNOWN, encrypted=None, detail=detail, confidence=confidence))


def _program(path: str) -> str:
    return next((name for pattern, name in _NAMES if pattern.search(path)), "")


def _secrets(program: str, line: str) -> list[tuple[str, str]]:
    return _BY_PROGRAM.get(program, _tokens)(program, line[:16_384])


def _tokens(program: str, line: str) -> list[tuple[str, str]]:
    found = _SETTING.match(line)
    known = found is not None and found[1].lower() in _TOKENS.get(program, ())
    return [(found[1], unquote(found[2]))] if found and known else []


_BY_PROGRAM: dict[str, Callable[[str, str], list[tuple[str, str]]]] = {
    "zerotier-one": lambda _program, line: [("identity.secret", found[1]) for found in _ZEROTIER.finditer(line)],
    "tailscaled": lambda _program, line: [(found[1], found[2]) for found in _TAILSCALE.finditer(line)],
}
