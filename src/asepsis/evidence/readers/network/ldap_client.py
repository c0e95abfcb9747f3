"""Log-ins to a directory: ``ldap.conf``, ``nslcd.conf``, ``pam_ldap.conf``, ``ldap.secret``, ``sssd.conf``, and ``slapd.conf``.

Lines ``bindpw SECRET`` with ``binddn NAME`` (nslcd.conf(5), pam_ldap(5)); ``ldap.secret`` is the secret alone; in ``sssd.conf``
``ldap_default_authtok =``, of type ``obfuscated_password`` scrambled under a key of its own text (sssd-ldap(5)); in ``slapd.conf`` ``rootpw``,
often a hash, and ``credentials=`` of a replica (slapd.conf(5)).

Known ways it lies: OpenLDAP's own ``ldap.conf`` knows no ``bindpw``; the name is shared by PADL's modules, which do.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.text import key_file, unquote
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretForm, SecretKind

_WORDS = re.compile(r"(?:^|/)(?:[^/]*ldap[^/]*\.conf|nslcd\.conf|slapd\.conf|ldaprc|\.ldaprc)$")
_ALONE = re.compile(r"(?:^|/)[^/]*ldap\.secret$")
_SSSD = re.compile(r"(?:^|/)sssd(?:\.conf|/conf\.d/[^/]+\.conf)$")
_KEYS = frozenset({"bindpw", "rootpw", "rootmodpw", "sasl_secprops_password", "tls_keypw"})
_CREDENTIALS = re.compile(r"\bcredentials=(\"[^\"]{1,256}\"|\S{1,256})")
_HASH = re.compile(r"\{(?!CLEARTEXT\})[A-Z0-9-]{3,24}\}\S+", re.IGNORECASE)


class LdapClientReader:
    """Emits one :class:`StoredSecret` for each secret; its subject is the name that it binds as."""

    info = ReaderInfo("ldap_client", "Log-ins to a directory", (StoredSecret,), ("ldap.conf", "nslcd.conf", "ldap.secret", "sssd.conf", "slapd.conf"))
    signs = Signs(paths=(_WORDS, _ALONE, _SSSD), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """By name only."""
        known = _WORDS.search(path) or _ALONE.search(path) or _SSSD.search(path)
        return Sureness.YES if known and b"\0" not in head else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """One secret alone, a key file, or words in lines, by the file's name."""
        keeper = Keeper(source, emit, "ldap")
        if _ALONE.search(source.path):
            number, secret = next(((number, line.strip()) for number, line in source.lines() if line.strip()), (0, ""))
            if secret:
                keeper.tell(SecretKind.APPLICATION, secret, line=number, key="ldap.secret", opens="ldap")
        elif _SSSD.search(source.path):
            _read_sssd(keeper)
        else:
            _read_words(keeper)


def _read_sssd(keeper: Keeper) -> None:
    entries = list(key_file(keeper.source.lines()))
    values = {(entry.section, entry.key): entry.value for entry in entries}
    for entry in entries:
        if entry.key == "ldap_default_authtok" and entry.value:
            scrambled = values.get((entry.section, "ldap_default_authtok_type")) == "obfuscated_password"
            form = SecretForm.RECOVERABLE if scrambled else SecretForm.CLEARTEXT
            subject = values.get((entry.section, "ldap_default_bind_dn"), "")
            keeper.tell(SecretKind.APPLICATION, entry.value, line=entry.line, subject=subject, key=entry.key, opens="ldap", form=form)


def _read_words(keeper: Keeper) -> None:
    """The name may stand behind the secret."""
    rows = [(number, line.split(None, 1)) for number, line in keeper.source.lines() if line.strip() and not line.lstrip().startswith("#")]
    names = {words[0].lower(): words[1].strip() for _, words in rows if len(words) > 1}
    subject = unquote(names.get("binddn") or names.get("rootbinddn") or names.get("rootdn", ""))
    for number, words in rows:
        if len(words) < 2:  # noqa: PLR2004
            continue
        secret = unquote(words[1].strip()) if words[0].lower() in _KEYS else ""
        inside = _CREDENTIALS.search(words[1][:4096]) if words[0].lower() in {"syncrepl", "replica"} or words[0].startswith("credentials=") else None
        if inside:
            secret = unquote(inside.group(1))
        if secret:
            form = SecretForm.HASHED if _HASH.fullmatch(secret) else None
            keeper.tell(SecretKind.APPLICATION, secret, line=number, subject=subject, key=words[0].lower(), opens="ldap", form=form)
