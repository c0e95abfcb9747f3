"""Counts, tables and digests as facts. Only here are numbers given names: discovery may come after use."""

from __future__ import annotations

from collections.abc import Iterator

from asepsis.evidence.radio import names
from asepsis.evidence.radio.attributes.commands import Commands, Written
from asepsis.evidence.radio.attributes.counts import Counts, Done
from asepsis.evidence.radio.attributes.tables import Tables
from asepsis.evidence.radio.gatt import properties
from asepsis.evidence.radio.observer import Means
from asepsis.knowledge.bluetooth import KnownCommand, load_bluetooth
from asepsis.model.facts import AttributeAccess, GattCharacteristic, RepeatedCommand

_TRIED = {0x0A: "read", 0x12: "write", 0x1B: "told", 0x1D: "told"}
_OPERATIONS = {
    0x0A: "read",
    0x12: "write",
    0x52: "write without response",
    0xD2: "signed write",
    0x1B: "notification",
    0x1D: "indication",
}
_ASKS = frozenset(names.ERRORS[code] for code in names.PROTECTION)


def accesses(means: Means, counts: Counts, tables: Tables) -> Iterator[AttributeAccess]:
    """What was done; what turned out to be the same is one."""
    found: dict[AttributeAccess, list[int]] = {}
    for done, times, first in counts.all():
        sums = found.setdefault(_access(means, tables, done), [0, first])
        sums[0], sums[1] = sums[0] + times, min(sums[1], first)
    for fact, (times, first) in found.items():
        fields = {name: getattr(fact, name) for name in fact.__dataclass_fields__}
        yield AttributeAccess(**(fields | {"where": means.place(first), "times": times}))


def _access(means: Means, tables: Tables, done: Done) -> AttributeAccess:
    state = means.states[done.state]
    server, client = (state.central, state.peripheral) if done.central_serves else (state.peripheral, state.central)
    known = tables.at(tables.lasting(server), done.handle)
    about, command = names.characteristic(known.characteristic, known.service), _command(known.characteristic, done.code)
    return AttributeAccess(
        means.place(0),
        device=means.known_as(server),
        peer=means.known_as(client),
        handle=int.from_bytes(done.handle, "little"),
        operation=_OPERATIONS[done.operation],
        outcome=done.outcome,
        service=known.service,
        service_name=names.service(known.service).name,
        characteristic=known.characteristic,
        characteristic_name=about.name,
        descriptor=known.descriptor,
        purpose="" if known.descriptor else about.purpose,
        command=command.name,
        answer=done.answer,
        harmful=command.harmful,
        encrypted=state.encrypted,
        authenticated=state.authenticated,
        key_bits=state.key_bits,
        error=names.ERRORS.get(done.error, f"application error {done.error:#04x}") if done.error else "",
    )


def characteristics(means: Means, counts: Counts, tables: Tables) -> Iterator[GattCharacteristic]:
    """What the tables hold, and what each attribute was seen to ask for."""
    tried = _tried(means, counts, tables)
    for server, handle, number, bits, known in tables.all():
        about, (seen, first) = names.characteristic(number, known.service), tried.get((server, handle), ({}, 0))
        yield GattCharacteristic(
            means.place(first),
            device=means.known_as(server),
            handle=handle,
            service=known.service,
            service_name=names.service(known.service).name,
            characteristic=number,
            characteristic_name=about.name,
            purpose=about.purpose,
            properties=properties(bits),
            read_in_clear=seen.get("read in clear"),
            write_in_clear=seen.get("write in clear"),
            told_in_clear=seen.get("told in clear"),
            read_unauthenticated=seen.get("read unauthenticated"),
            write_unauthenticated=seen.get("write unauthenticated"),
            asks_for=tuple(sorted(name for name in seen if name in _ASKS)),
        )


def _tried(means: Means, counts: Counts, tables: Tables) -> dict[tuple[str, int], tuple[dict[str, bool], int]]:
    """By device and handle, what was tried without encryption, or with a key that Just Works made, whether it worked, and the first frame."""
    out: dict[tuple[str, int], tuple[dict[str, bool], int]] = {}
    for done, _times, first in counts.all():
        state = means.states[done.state]
        server = tables.lasting(state.central if done.central_serves else state.peripheral)
        key = server, int.from_bytes(done.handle, "little")
        seen, before = out.get(key, ({}, first))
        out[key] = seen, min(before, first)
        refused = done.error in names.PROTECTION
        if refused:
            seen[names.ERRORS[done.error]] = True
        how = "in clear" if state.encrypted is False else "unauthenticated" if state.encrypted and state.authenticated is False else ""
        what = _TRIED.get(done.operation)
        if how and what and done.outcome in {"accepted", "told"}:
            seen[f"{what} {how}"] = True
        elif how and what and refused:
            seen.setdefault(f"{what} {how}", False)
    return out


def repeated(means: Means, commands: Commands, tables: Tables) -> Iterator[RepeatedCommand]:
    """What was written more than once, together for each attribute and command."""
    alike: dict[tuple[str, bytes, str], list[tuple[bytes, Written]]] = {}
    for (server, raw, digest), written in commands.written.items():
        alike.setdefault((server, raw, written.code), []).append((digest, written))
    for (server, raw, code), all_of_them in alike.items():
        known, again = tables.at(server, raw), [(digest, written) for digest, written in all_of_them if written.times > 1]
        if not again or known.descriptor:
            continue
        about, command = names.characteristic(known.characteristic, known.service), _command(known.characteristic, code)
        every = {written.encrypted for _, written in again}
        digest, first = again[0]
        yield RepeatedCommand(
            means.place(first.first),
            device=means.known_as(server),
            handle=int.from_bytes(raw, "little"),
            characteristic=known.characteristic,
            characteristic_name=about.name,
            bytes=first.length,
            digest=digest.hex(),
            different=len(all_of_them),
            repeated=len(again),
            times=sum(written.times for _, written in again),
            accepted=max(written.accepted for _, written in again),
            connections=max(written.connections for _, written in again),
            service=known.service,
            service_name=names.service(known.service).name,
            purpose=about.purpose,
            command=command.name,
            harmful=command.harmful,
            encrypted=False if False in every else None if None in every else True,
        )


def _command(characteristic: str, code: str) -> KnownCommand:
    point = load_bluetooth().commands.get(characteristic)
    if not point or not code:
        return KnownCommand("")
    return point.codes.get(code) or KnownCommand(f"code {code}")
