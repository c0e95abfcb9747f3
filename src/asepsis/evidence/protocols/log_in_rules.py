"""What PAM, ``securetty`` and the list of groups add to the services of their tree.

A service that asks PAM asks nothing if PAM asks nothing. Root comes over the network only where ``securetty`` lists a pseudo-terminal and PAM makes
``login`` heed it (pam_securetty(8)). While ``/etc/nologin`` is there, PAM (pam_nologin(8)) and an sshd that does not ask it let in root only: that is
told and keeps nobody out, since the file may be gone when the device runs. ``AllowGroups`` and ``DenyGroups`` of sshd become accounts where
``etc/group`` says who they are; where it does not, they stay as they are and keep nobody out. No I/O.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from asepsis.evidence.protocols.paths import tree_of
from asepsis.model.facts import Account, Auth, Fact, Group, LogInPolicy, Service

ASKS_PAM = "asks PAM"
"""How the reader of ``sshd_config`` says in ``detail`` that PAM decides about passwords."""
ONLY_GROUPS = "lets in only the groups "
NOT_GROUPS = "keeps out the groups "

_GROUPS = re.compile(rf"(?P<said>{ONLY_GROUPS}|{NOT_GROUPS})(?P<names>[^,;]+)")
_ACCOUNTS = {ONLY_GROUPS: "lets in only the accounts ", NOT_GROUPS: "keeps out the accounts "}
_NOBODY = "(none)"
MOST_NAMES = 16_384
"""Characters: a list of accounts that is cut short would keep out the wrong ones."""
TOO_LONG = "its list of accounts is too long to follow"
"""How readers say in ``detail`` that they left such a list out."""
_MOST_LISTS, _MOST_GROUPS, _MOST_PATTERNS = 32, 2000, 32
_MOST_RULES = 500
"""Lines of one service's rules with everything they take in; those of a distribution have thirty."""
_SERVICES = {"telnet": ("remote", "login"), "rlogin": ("rlogin", "remote", "login"), "serial-console": ("login",), "ssh": ("sshd",)}
"""Services → the names by which the programs that ask for them call PAM."""
_BY_NETWORK = frozenset({"telnet", "rlogin"})
_PSEUDO_TERMINAL = re.compile(r"(?:pts|ttyp|pty)(?:$|[/\d])")


@dataclass(slots=True)
class _Tree:
    """What one tree says about logging in."""

    rules: dict[str, list[LogInPolicy]] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    """Lists of groups as lists of accounts, as far as they were asked for."""


def with_log_in_rules(facts: Sequence[Fact]) -> list[Fact]:
    """The facts with what PAM and the list of groups settle."""
    trees: dict[str, _Tree] = {}
    for fact in facts:
        if isinstance(fact, LogInPolicy):
            trees.setdefault(tree_of(fact.where), _Tree()).rules.setdefault(fact.program, []).append(fact)
        elif isinstance(fact, Group):
            trees.setdefault(tree_of(fact.where), _Tree()).groups.append(fact)
    if not trees:
        return list(facts)
    for fact in facts:
        if isinstance(fact, Account) and fact.where.path.endswith("etc/passwd") and (tree := trees.get(tree_of(fact.where))):
            tree.accounts.append(fact)
    return [_settled(fact, trees.get(tree_of(fact.where))) if isinstance(fact, Service) else fact for fact in facts]


def _settled(service: Service, tree: _Tree | None) -> Service:
    if tree is None:
        return service
    if tree.groups and _GROUPS.search(service.detail):
        service = replace(service, detail=_GROUPS.sub(lambda found: _once(found, tree), service.detail))
    stacks = _stacks(service, tree)
    service = _told_of_nologin(service, stacks, tree.rules.get("nologin", []))
    if not stacks:
        return service
    opens = [_lets_everybody_in(stack) for stack in stacks]
    if all(opens) and opens[0] and service.auth in {Auth.PASSWORD, Auth.UNKNOWN}:
        said = f"PAM lets everybody in ({opens[0].where.member}:{opens[0].where.line})"
        return replace(service, auth=Auth.NONE, detail=", ".join(filter(None, (service.detail, said))))
    if service.root_log_in is not False and _keeps_root_out(service.name, stacks, tree.rules.get("securetty", [])):
        said = "root may log in on the terminals of etc/securetty only"
        return replace(service, root_log_in=False, detail=", ".join(filter(None, (service.detail, said))))
    return service


def _told_of_nologin(service: Service, stacks: Sequence[Sequence[LogInPolicy]], files: Sequence[LogInPolicy]) -> Service:
    """The service with the file that keeps all others than root out, if what asks for the log-in looks for it."""
    by_pam = bool(stacks) and all(any(rule.says == "only root" for rule in stack) for stack in stacks)
    own = service.name == "ssh" and service.program.rsplit("/", 1)[-1] == "sshd" and ASKS_PAM not in service.detail
    heeded = [rule.where.member for rule in files if by_pam or (own and rule.where.path.endswith("etc/nologin"))]
    if not heeded:
        return service
    said = f"lets in root only while {heeded[0]} is there"
    return replace(service, detail=", ".join(filter(None, (said, service.detail))))


def _once(found: re.Match[str], tree: _Tree) -> str:
    """A list of groups as one of accounts, if there are not too many of either."""
    if found[0] not in tree.said:
        if len(tree.said) >= _MOST_LISTS or len(tree.groups) > _MOST_GROUPS or len(found["names"].split()) > _MOST_PATTERNS:
            return found[0]
        tree.said[found[0]] = _as_accounts(found, tree)
    return tree.said[found[0]]


def _as_accounts(found: re.Match[str], tree: _Tree) -> str:
    """A list of groups as one of accounts; as it was, if that cannot be said whole."""
    patterns = found["names"].split()
    groups = [group for group in tree.groups if any(fnmatchcase(group.name, pattern) for pattern in patterns)]
    firsts = {account.name for account in tree.accounts if account.gid is not None and account.gid in {group.gid for group in groups}}
    names = " ".join(sorted(firsts.union(*(group.members.split() for group in groups)))) or _NOBODY
    whole = all(group.whole for group in groups) and tree.accounts and not any(pattern.startswith("!") for pattern in patterns)
    return f"{_ACCOUNTS[found['said']]}{names}" if whole and len(names) <= MOST_NAMES else found[0]


def _stacks(service: Service, tree: _Tree) -> list[list[LogInPolicy]]:
    """The rules of each name by which the service may ask PAM; none if it does not ask, or the rules are not all there."""
    if service.name not in _SERVICES or (service.name == "ssh" and ASKS_PAM not in service.detail):
        return []
    names = [name for name in _SERVICES[service.name] if name in tree.rules]
    stacks = [_whole(name, tree, []) for name in names]
    return [stack for stack in stacks if stack is not None] if all(stack is not None for stack in stacks) else []


def _whole(name: str, tree: _Tree, passed: list[str]) -> list[LogInPolicy] | None:
    """The rules of a name with those they take in, in order; None if one of these is missing, or there is no end to it."""
    if name in passed or name not in tree.rules or len(passed) + len(tree.rules[name]) > _MOST_RULES:
        return None
    passed.append(name)
    rules: list[LogInPolicy] = []
    for rule in tree.rules[name]:
        if rule.says != "includes":
            rules.append(rule)
            continue
        taken = rule.names.rsplit("/", 1)[-1].lower()
        inner = [] if taken in passed else _whole(taken, tree, passed)
        if inner is None:
            return None
        rules += inner
    return rules


def _lets_everybody_in(stack: Sequence[LogInPolicy]) -> LogInPolicy | None:
    """The line that lets in whoever comes: before anything is asked and at once, or in a list that asks nothing."""
    first = next((rule for rule in stack if rule.says in {"asks", "asks nothing"}), None)
    if first is None or first.says == "asks":
        return None
    return first if first.names == "sufficient" or all(rule.says != "asks" for rule in stack) else None


def _keeps_root_out(service: str, stacks: Sequence[Sequence[LogInPolicy]], terminals: Sequence[LogInPolicy]) -> bool:
    """Every list of rules binds root to terminals of which this service is none."""
    if not terminals or not all(any(rule.says == "listed terminals" for rule in stack) for stack in stacks):
        return False
    named = [rule.names for rule in terminals if rule.names]
    return not any(map(_PSEUDO_TERMINAL.match, named)) if service in _BY_NETWORK else not named and service == "serial-console"
