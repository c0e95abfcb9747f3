"""File shares with their log-ins: ``fstab``, automount maps, systemd's ``.mount`` units, and files of credentials.

The fourth column of ``fstab`` (fstab(5)), the second of an autofs map (autofs(5)), ``Options=`` of a unit (systemd.mount(5)): options of
mount.cifs(8) ``username=``, ``password=`` (``pass=``), ``credentials=FILE``. Such a file has lines ``username=``, ``password=``, ``domain=``.
mount.cifs also takes ``user=USER%PASSWORD`` and ``//USER:PASSWORD@HOST/SHARE``;
CurlFtpFS writes ``curlftpfs#USER:PASSWORD@HOST`` as the device.

Known ways it lies: an entry with ``noauto`` is mounted only when somebody asks; ``sec=krb5`` or ``guest`` leaves a password unused.
"""

from __future__ import annotations

import re

from asepsis.evidence.protocols.keeping import Keeper
from asepsis.evidence.protocols.shown import without_user
from asepsis.evidence.protocols.text import key_file
from asepsis.evidence.reader import Emit, ReaderInfo, Signs, Sureness
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import StoredSecret
from asepsis.model.secret import SecretKind

_TABLE = re.compile(r"(?:^|/)(?:fstab(?:[.-][^/]*)?|auto\.[\w.-]+|auto\.master\.d/[^/]+|auto_\w+|[^/]+\.(?:mount|automount))$")
_CREDENTIALS = re.compile(
    r"(?:^|/)[^/]*(?:smb|cifs|samba)[^/]*(?:cred|auth|pass|login)[^/]*$|(?:^|/)(?:smb|cifs|samba)/[^/]*cred[^/]*$", re.IGNORECASE
)
_USUAL = re.compile(r"(?:^|/)\.?(?:credentials?|creds?)(?:\.[\w-]+)?$", re.IGNORECASE)
_LINES = re.compile(
    rb"(?mi)^\s*(?:user|username)\s*=.*\n(?:.*\n)?\s*(?:pass|password)\s*=|^\s*(?:pass|password)\s*=.*\n(?:.*\n)?\s*(?:user|username)\s*="
)
_USER = re.compile(r"(?:^|[,\s=])(?:user|username)=([^,\s\"]{1,256})")
_PASSWORD = re.compile(r"(?:^|[,\s=\"])(?:pass|password|passwd)=([^,\s\"]{1,256})")
_IN_DEVICE = re.compile(r"(?:curlftpfs#|davfs#|sshfs#)(?:\w+://)?([^\s:/@]{1,64}):([^\s@]{1,128})@")
_IN_SHARE = re.compile(r"(?:^|[\s=])//([^\s/:@]{0,64}):(\S{1,128}?)@(?=[^\s/@]+/)")
_SHARE = re.compile(r"//([^\s/,\"]{1,128})/")


class MountsReader:
    """Emits one :class:`StoredSecret` for each password of a share; its subject is the user, else the server."""

    info = ReaderInfo("mounts", "Log-ins of file shares", (StoredSecret,), ("fstab", "auto.*", "*.mount", ".smbcredentials"))
    signs = Signs(paths=(_TABLE, _CREDENTIALS, _USUAL), text=True)

    def recognises(self, path: str, head: bytes) -> Sureness:
        """Tables by name; a file of credentials by name and both of its lines."""
        if b"\0" in head:
            return Sureness.NO
        named = _CREDENTIALS.search(path) or (_USUAL.search(path) and _LINES.search(head))
        return Sureness.YES if _TABLE.search(path) or (named and b"=" in head) else Sureness.NO

    def read(self, source: BoundedSource, emit: Emit) -> None:
        """Line by line, or as a whole where the user may stand behind the password."""
        keeper = Keeper(source, emit, "fstab" if _TABLE.search(source.path) else "smb")
        if keeper.store == "smb":
            _read_credentials(keeper)
            return
        for number, line in source.lines():
            if not line.lstrip().startswith(("#", ";")):
                _tell(keeper, number, line[:4096])


def _tell(keeper: Keeper, number: int, line: str) -> None:
    user, server = _USER.search(line), _SHARE.search(without_user(line))
    subject = user.group(1).partition("%")[0] if user else server.group(1) if server else ""
    for found in _PASSWORD.finditer(line):
        keeper.tell(SecretKind.NETWORK_LOGIN, found.group(1), line=number, subject=subject, key="password", opens="cifs")
    if user and "%" in user.group(1):
        keeper.tell(SecretKind.NETWORK_LOGIN, user.group(1).partition("%")[2], line=number, subject=subject, key="user", opens="cifs")
    for found in _IN_SHARE.finditer(line):
        keeper.tell(SecretKind.NETWORK_LOGIN, found.group(2), line=number, subject=found.group(1), key="device", opens="cifs")
    for found in _IN_DEVICE.finditer(line):
        keeper.tell(SecretKind.NETWORK_LOGIN, found.group(2), line=number, subject=found.group(1), key="device", opens="ftp")


def _read_credentials(keeper: Keeper) -> None:
    entries = list(key_file(keeper.source.lines()))
    user = next((entry.value for entry in entries if entry.key.lower() in {"user", "username"}), "")
    for entry in entries:
        if entry.key.lower() in {"pass", "password", "passwd"} and entry.value:
            keeper.tell(SecretKind.NETWORK_LOGIN, entry.value, line=entry.line, subject=user, key=entry.key.lower(), opens="cifs")
