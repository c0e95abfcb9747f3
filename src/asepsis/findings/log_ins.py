"""Who can log in where: accounts, the services that ask for their passwords, and the reasons why one does not let the other in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby

from asepsis.findings.named_accounts import TOO_LONG, UNRESOLVED
from asepsis.findings.rule import Facts
from asepsis.findings.ways_in import WayIn, ways_in
from asepsis.findings.witness import as_shipped, most_certain, unique
from asepsis.findings.words import PROPOSAL, are_units, place, same_everywhere, short
from asepsis.model.claim import THIS, Claim, claim
from asepsis.model.facts import Account, Auth, Group, LogInPolicy, PasswordHash
from asepsis.model.finding import Certainty
from asepsis.model.secret import Redacted, SecretForm
from asepsis.model.where import Where

SYSTEM_LOG_INS = ("telnet", "ssh", "ftp", "serial-console", "rlogin", "rsh", "rexec")
"""Services that ask for the password of a system account."""
WEB_LOG_INS = ("http", "https")
"""Services that ask for the password of an ``htpasswd`` account."""
_OWN_LISTS: dict[str, tuple[str, ...]] = {"htpasswd": WEB_LOG_INS, "uci": WEB_LOG_INS, "ftp-users": ("ftp",), "sqlite": ()}
"""Lists of users that are no accounts of the system → the services that ask them; which log-in asks an application's database is not known."""
WINDOWS_LOG_INS = ("rdp", "telnet", "ssh", "ftp", "remote-shell")
"""Services that ask for the password of an account of Windows."""

SUPER_USER = "root"
_ALSO_ASKS = frozenset({"ftp"})
"""Services that let strangers in and still ask others for their password: FTP's anonymous user has fewer rights."""
_NO_SHELLS = frozenset({"nologin", "false", "sync", "halt", "shutdown", "true"})
_BACKUP = re.compile(r"(?:-|~|\.(?:bak|old|orig|save|backup|dist|sample|example|tmpl|\d+))\Z", re.IGNORECASE)
_ALLOWS_EMPTY = re.compile(
    r"(?:accepts?|allows?|permits?) (?:empty|blank) passwords?|(?:empty|blank) ?passwords? ?(?:are )?(?:yes|on|allowed|accepted)|(?:^|\s)-B(?:\s|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a secret opens: claims for the attack graph, and the words that go with them."""

    claims: tuple[Claim, ...] = ()
    certainty: Certainty = Certainty.PRESENT
    shown_by: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def together(*entries: Entry) -> Entry:
    """Everything that any of ``entries`` says, once."""
    return Entry(
        claims=unique(one for entry in entries for one in entry.claims),
        certainty=most_certain(entry.certainty for entry in entries),
        shown_by=unique(line for entry in entries for line in entry.shown_by),
        assumes=unique(text for entry in entries for text in entry.assumes),
        refused=unique(why for entry in entries for why in entry.refused),
    )


def cannot_log_in(facts: Facts, account: str) -> str:
    """Why ``account`` can never log in (its shell refuses), or an empty string. An account that nothing else names may log in.

    One that has expired may: only what looks at that day refuses it, and which way in does was not shown.
    """
    entries = [entry for entry in facts.of(Account) if entry.name == account and not is_backup(entry.where)]
    refusals = [_refusal(entry) for entry in entries]
    return refusals[0] if refusals and all(refusals) else ""


def _expired(facts: Facts, account: str, as_of: date | None) -> PasswordHash | None:
    """The entry that shows that an account is over; None if any that counts says otherwise."""
    entries = [entry for entry in facts.of(PasswordHash) if entry.account == account and entry.source == "shadow" and not is_backup(entry.where)]
    over = bool(as_of and entries) and all(entry.expires and as_of and entry.expires < as_of for entry in entries)
    return entries[0] if over else None


def account_assumption(facts: Facts, account: str, as_of: date | None = None) -> tuple[str, ...]:
    """The assumptions that a password belongs to an account that can be used, where nothing shows it or something speaks against it."""
    gone = _expired(facts, account, as_of)
    if gone:
        over = f"Account '{short(account)}' expired on {gone.expires}: it is taken to be let in all the same"
        return (f"{over}, since nothing shows that what asks for it looks at the day {PROPOSAL}",)
    entries = [entry for entry in facts.of(Account) if entry.name == account]
    if any(entry.can_log_in or entry.shell for entry in entries):
        return ()
    return (f"Account '{short(account)}' is taken to be able to log in: its shell is not known {PROPOSAL}",)


def is_backup(where: Where) -> bool:
    """A copy that the device does not ask when somebody logs in: ``shadow-``, ``shadow.bak``."""
    return _BACKUP.search(where.member) is not None


def usable_hashes(facts: Facts) -> tuple[PasswordHash, ...]:
    """Stored hashes that some password matches: neither locked, nor empty, nor a placeholder."""
    return tuple(entry for entry in facts.of(PasswordHash) if not no_password(entry))


def passwords(facts: Facts) -> tuple[tuple[PasswordHash, ...], ...]:
    """Usable hashes that are not empty, those of one account's same password together: it may stand in several files."""
    hashes = sorted((entry for entry in usable_hashes(facts) if not is_empty(entry)), key=_password)
    return tuple(tuple(entries) for _, entries in groupby(hashes, key=_password))


def _password(entry: PasswordHash) -> tuple[str, str, str]:
    return (entry.account, entry.secret.digest, entry.source)


def no_password(entry: PasswordHash) -> str:
    """Why an entry holds no password that could be matched, or an empty string."""
    if entry.secret.placeholder:
        return f"{entry.secret.placeholder} ({place(entry.where)})"
    if entry.scheme == "locked" or entry.secret.form in {SecretForm.LOCKED, SecretForm.SEALED}:
        return f"the password of '{short(entry.account)}' is locked ({place(entry.where)})"
    return ""


def is_empty(entry: PasswordHash) -> bool:
    """The field is empty: pressing Enter is the password."""
    return entry.scheme == "empty" or entry.secret.form is SecretForm.EMPTY


def log_in_services(source: str) -> tuple[str, ...]:
    """The services that ask for passwords of a file of this kind."""
    return WINDOWS_LOG_INS if source == "sam" else _OWN_LISTS.get(source, SYSTEM_LOG_INS)


def is_of_system(source: str) -> bool:
    """Whether a file of this kind holds accounts of the system, with a shell of their own."""
    return source not in _OWN_LISTS


def opens_account(facts: Facts, account: str, secret: str, services: tuple[str, ...], *, empty: bool = False) -> Entry:
    """What the password of ``account`` opens: every service of the image that asks for it and does not refuse this account."""
    entry = entry_by(ways_in(facts, *services) if services else (), account, secret, empty=empty)
    return replace(entry, shown_by=(*entry.shown_by, *becomes_root(facts, account))) if entry.claims else entry


def becomes_root(facts: Facts, account: str) -> tuple[str, ...]:
    """What lets an account become root without another password, in words."""
    rules, groups = _sudo(facts)
    rule = next((rules[name] for name in (account, "ALL", *sorted(groups.get(account, ()))) if name in rules), None)
    return (f"account '{short(account)}' becomes root with sudo, without a password: {place(rule.where)}",) if rule else ()


@lru_cache(maxsize=4)
def _sudo(facts: Facts) -> tuple[dict[str, LogInPolicy], dict[str, set[str]]]:
    """The first rule for each name that sudo asks for nothing, and the groups of each account, as sudo writes them."""
    rules: dict[str, LogInPolicy] = {}
    for rule in facts.of(LogInPolicy):
        if rule.says == "root without password":
            rules.setdefault(rule.names, rule)
    groups: dict[str, set[str]] = {}
    firsts: dict[int, set[str]] = {}
    for group in facts.of(Group) if rules else ():
        for member in group.members.split():
            groups.setdefault(member, set()).add(f"%{group.name}")
        if group.gid is not None:
            firsts.setdefault(group.gid, set()).add(f"%{group.name}")
    for account in facts.of(Account) if firsts else ():
        if account.gid in firsts:
            groups.setdefault(account.name, set()).update(firsts[account.gid])
    return rules, groups


def entry_by(ways: Iterable[WayIn], account: str, secret: str, *, empty: bool = False) -> Entry:
    """``accepts`` claims for each of ``ways`` that lets ``account`` in, with the claims that the way in is there."""
    ways, refused, let_in = tuple(ways), [], []
    for way in ways:
        why = refuses(way, account, empty=empty)
        if why:
            refused.append(why)
        else:
            let_in.append(way)
    claims = [one for way in let_in for one in (claim("accepts", THIS, secret, way.id), *way.claims())]
    return Entry(
        claims=unique(claims),
        certainty=most_certain(way.certainty for way in let_in),
        shown_by=unique(f"{way.label} takes it: {line}" for way in let_in for line in way.shown_by),
        assumes=unique(text for way in let_in for text in (*way.assumes, *_policy_assumption(way, account))),
        refused=tuple(refused),
    )


def refuses(way: WayIn, account: str, *, empty: bool = False) -> str:
    """Why ``way`` does not take the password of ``account``, or an empty string."""
    if way.exempt:
        return way.exempt
    if way.auth in {Auth.KEY, Auth.MUTUAL}:
        return f"{way.label} takes no passwords"
    if way.auth is Auth.NONE and way.name not in _ALSO_ASKS:
        return f"{way.label} asks for no password at all"
    if (account == SUPER_USER and way.root_log_in is False) or way.keeps_accounts_out or way.keeps_out(account):
        return f"{way.label} refuses {short(account)}"
    if empty and way.name == "ssh" and not any(_ALLOWS_EMPTY.search(part.detail) for part in way.parts):
        return "SSH refuses empty passwords unless it is told otherwise"
    return ""


def kept_secret(facts: Facts, secret: Redacted, where: Where, *, what: str, form: SecretForm | None = None) -> Entry:
    """The claims that the device holds a secret, and that every unit holds the same one where the evidence is the software as shipped.

    That it is the same in every unit is shown where two units were seen with it, and otherwise assumed.
    """
    claims = [claim("secret", THIS, secret.digest, secret.kind, form or secret.form)]
    if not as_shipped(facts, where):
        return Entry(claims=tuple(claims))
    claims.append(claim("same_in_every_unit", THIS, secret.digest))
    units = facts.units_with(secret.digest)
    return Entry(claims=tuple(claims), assumes=(are_units(units) if units else same_everywhere(what),))


def _refusal(entry: Account) -> str:
    no_shell = entry.shell.rsplit("/", 1)[-1] in _NO_SHELLS if entry.shell else False
    if entry.can_log_in is False or (entry.can_log_in is None and no_shell):
        return f"account '{short(entry.name)}' cannot log in ({place(entry.where)})"
    return ""


def _policy_assumption(way: WayIn, account: str) -> tuple[str, ...]:
    """What is taken for granted about a service whose settings do not say whom it lets in."""
    said = []
    if way.auth is Auth.UNKNOWN:
        said.append(f"{way.label[0].upper()}{way.label[1:]} is taken to accept passwords: its settings do not say {PROPOSAL}")
    if any(UNRESOLVED in part.detail for part in way.parts):
        said.append(f"Account '{short(account)}' is taken to be in a group that {way.label} lets in: its groups are not known {PROPOSAL}")
    if any(TOO_LONG in part.detail for part in way.parts):
        said.append(f"Account '{short(account)}' is taken to be one that {way.label} lets in: the list of them is too long to follow {PROPOSAL}")
    if account == SUPER_USER and way.name == "ssh" and way.root_log_in is None:
        said.append(f"SSH is taken to let root in with a password: its settings do not say {PROPOSAL}")
    return tuple(said)
