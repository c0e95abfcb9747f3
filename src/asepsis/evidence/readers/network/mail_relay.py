"""Log-ins to mail servers: msmtp, sSMTP, Postfix, Exim, nullmailer, fetchmail.

``msmtprc`` has ``user NAME`` and ``password SECRET`` for each ``account``; ``ssmtp.conf`` ``AuthUser=`` and ``AuthPass=``; Postfix's
``sasl_passwd`` ``SERVER USER:SECRET``; Exim's ``passwd.client`` ``SERVER:USER:SECRET``; nullmailer's ``remotes`` ``… --user=NAME --pass=SECRET``;
``fetchmailrc`` ``user NAME … password SECRET`` (the manual pages of these programs).

Known ways it lies: ``passwordeval`` runs a program and keeps no secret; the compiled ``sasl_passwd.db`` outlives its text.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretKind

_VALUE = r"(?:\"([^\"]{1,256})\"|'([^']{1,256})'|([^\s\"',;]{1,256}))"
_PAIRS = re.compile(rf"(?:^|[\s])(?:--)?(user(?:name)?|AuthUser|pass(?:word)?|AuthPass)(?:\s*=\s*|\s+){_VALUE}", re.IGNORECASE)
_FILES = re.compile(r"(?:^|/)(?:\.?msmtprc|\.?esmtprc|s?smtp/[^/]*\.conf|ssmtp\.conf|nullmailer/remotes|\.?fetchmailrc)$")
_POSTFIX = re.compile(r"(?:^|/)(?:postfix/(?:.*/)?[^/]*(?:sasl|passw)[^/]*|sasl_passwd)$")
_EXIM = re.compile(r"(?:^|/)exim[^/]*/passwd\.client$")
_POSTFIX_LINE = re.compile(r"(\S{1,256})\s+([^\s:]{1,128}):((?!//)\S{1,256})\s*")
_EXIM_LINE = re.compile(r"([^:\s]{1,256}):([^:\s]{1,128}):(\S{1,256})\s*")


class MailRelayReader:
    """Emits one :class:`StoredSecret` for each password; its subject is the user."""

    info = ReaderInfo("mail_relay", "Log-ins to mail servers", (StoredSecret,), ("msmtprc", "ssmtp.conf", "sasl_passwd", "passwd.client"))
    signs = Signs(paths=(_FILES, _POSTFIX, _EXIM), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        known = _FILES.search(path) or _POSTFIX.search(path) or _EXIM.search(path)
        return Sureness.YES if known and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Three columns, or words and values whose user stands before."""
        keeper, user = Keeper(source, emit, "mail"), ""
        shape = _EXIM_LINE if _EXIM.search(source.path) else _POSTFIX_LINE if _POSTFIX.search(source.path) else None
        for number, raw in source.lines():
            line = raw.strip()[:2048]
            if not line or line.startswith(("#", ";")):
                continue
            if shape:
                found = shape.fullmatch(line)
                if found:
                    keeper.tell(SecretKind.APPLICATION, found.group(3), line=number, subject=found.group(2), key="password", opens="smtp")
                continue
            if line.split()[0].lower() == "account":
                user = ""
            user = _tell(keeper, number, line, user)


def _tell(keeper: Keeper, number: int, line: str, user: str) -> str:
    """Emit the passwords of a line; the user that holds from here on."""
    for key, double, single, bare in _PAIRS.findall(line):
        value = unquote(double or single or bare)
        if key.lower() in {"user", "username", "authuser"}:
            user = value
        elif not value.startswith("$"):
            keeper.tell(SecretKind.APPLICATION, value, line=number, subject=user, key=key, opens="smtp")
    return user
