"""Facts about who may log in: accounts, groups, passwords, keys, and what the programs that ask are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from asepsis.model.fact import Confidence, Fact
from asepsis.model.secret import Redacted


@dataclass(frozen=True, slots=True)
class Account(Fact):
    """A log-in name of the device. ``can_log_in`` is None when the shell is not known, ``gid`` its first group."""

    name: str
    uid: int | None = None
    shell: str = ""
    home: str = ""
    source: str = "passwd"
    can_log_in: bool | None = None
    gid: int | None = None


@dataclass(frozen=True, slots=True)
class PasswordHash(Fact):
    """A stored password hash.

    ``scheme`` is ``des``, ``md5``, ``apr1``, ``sha1``, ``sha256``, ``sha512``, ``bcrypt``, ``yescrypt``, ``nt``, ``lm``,
    ``empty``, ``locked`` or ``unknown``; ``secret.known_default`` is True when a generic default matches it;
    ``expires`` is the last day of the account, if it has one.
    """

    account: str
    scheme: str
    secret: Redacted
    source: str = "shadow"
    confidence: Confidence = Confidence.CONFIRMED
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorizedKey(Fact):
    """A key that may log in (``authorized_keys``); ``digest`` as that of a private key; ``public_test_key`` if its private half is published.

    ``usual_place`` False: its file counts only if a server's settings name it; reading drops the keys of the others.
    """

    account: str
    algorithm: str
    digest: str
    comment: str = ""
    options: str = ""
    bits: int | None = None
    public_test_key: str = ""
    confidence: Confidence = Confidence.CONFIRMED
    usual_place: bool = True


@dataclass(frozen=True, slots=True)
class Group(Fact):
    """A group of accounts: ``members`` are separated by spaces, without those whose first group it is.

    ``whole`` False: more are left out.
    """

    name: str
    gid: int | None = None
    members: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class LogInPolicy(Fact):
    """One line of what a program that lets people in is told: PAM, ``securetty``, ``nologin``, ``sudoers``, TCP wrappers.

    ``program`` is PAM's name of a service, ``securetty``, ``nologin`` or ``sudo``. ``says`` is ``includes`` (the file in ``names``), ``nothing`` that
    matters, ``asks``, ``asks nothing`` and lets in, ``blank passwords`` count, ``listed terminals`` only for root, a ``terminal`` that root may use,
    ``only root`` is let in while this file is there (of PAM: while a file of that name is), or ``root without password`` for an account or
    ``%group`` in ``names``; what only completes other lines of ``sudoers`` is dropped in reading. ``hosts.allow`` and ``hosts.deny`` say ``lets in``,
    ``keeps out`` or ``not followed`` of ``daemons : clients``.
    """

    program: str
    says: str
    names: str = ""
