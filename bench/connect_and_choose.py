"""How long connecting and choosing take for a whole ward, and how that grows.

    python bench/connect_and_choose.py [DEVICES ...]

One graph of N devices, about 13 claims each: a Wi-Fi password shared by all of them, a gateway for every 50, and a mix of weaknesses in a
fixed pattern (no randomness). Prints a line for each N, the growth from line to line, and whether the optimum was proven. Paths are
listed for a sample of devices, as a person would look at a ward.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator

from asepsis.attack_paths.ground import ground
from asepsis.attack_paths.proofs import best_proofs
from asepsis.knowledge.load import load
from asepsis.model.claim import Claim, claim
from asepsis.plan.choose import choose

SIZES = (100, 1_000, 10_000)
PER_GATEWAY = 50
SAMPLE = 5
WIFI = "ward-wifi"


def ward(devices: int) -> Iterator[Claim]:
    """The claims of a ward of ``devices`` devices behind ``devices / 50`` gateways."""
    for zone in ("touch", "second_hand_unit", "wifi_range", "hospital_network"):
        yield claim("starts", zone)
    yield claim("leads_to", "hospital_network", "device_network")
    yield claim("opens_network", WIFI, "device_network")
    for number in range(devices):
        yield from device(number)


def device(number: int) -> Iterator[Claim]:
    name, gateway = f"d{number}", f"g{number // PER_GATEWAY}"
    yield claim("attached", name, "device_network")
    yield claim("attached", name, "touch")
    yield claim("unit_obtainable", name)
    yield claim("secret", name, WIFI, "wifi", "cleartext")
    yield claim("outlives_unit", name, WIFI)
    yield claim("harms", name, "set-dose", "command", 5)
    yield claim("harms", name, "deliver", "stop", 4)
    yield claim("unguarded", name, "set-dose", "command", "order")
    yield claim("unguarded", name, "set-dose", "command", "control")
    yield claim("unguarded", name, "deliver", "stop", "crash")
    yield from weakness(number, name)
    if number % PER_GATEWAY == 0:
        yield claim("attached", gateway, "device_network")
        yield claim("vulnerable", gateway, "CVE-0000-0001", "device_network", "control")
    yield claim("commands", gateway, name)


def weakness(number: int, name: str) -> Iterator[Claim]:
    """One of five kinds, by the device's number."""
    match number % 5:
        case 0:
            yield claim("service", name, "telnet", "device_network", "password")
            yield claim("service_gives", name, "telnet", "control")
            yield claim("accepts", name, "maker-default", "telnet")
            yield claim("secret", name, "maker-default", "login", "cleartext")
            yield claim("same_in_every_unit", name, "maker-default")
        case 1:
            yield claim("flow", name, "orders", "device_network", "command")
            yield claim("believes_strangers", name, "orders")
        case 2:
            yield claim("unsigned_update", name, "ftp upload", "device_network")
            yield claim("vulnerable", name, "malformed packet", "device_network", "stop")
        case 3:
            yield claim("out_of_date", name, "kernel", "device_network")
        case _:
            yield claim("service", name, "serial", "touch", "none")
            yield claim("service_gives", name, "serial", "control")


def measure(devices: int) -> tuple[float, int]:
    """Run once, print a line, and give the seconds and the number of ground rules."""
    claims = sorted(set(ward(devices)))
    controls = load().controls()
    began = time.perf_counter()
    graph = ground(claims)
    grounded = time.perf_counter()
    sample = [harm.atom for harm in graph.harms if harm.device in {f"d{number}" for number in range(SAMPLE)}]
    proofs = best_proofs(graph, sample, [1] * len(graph.steps))
    told = time.perf_counter()
    plan = choose(graph, [harm.atom for harm in graph.harms], controls)
    done = time.perf_counter()
    print(
        f"{devices:>8,} {len(claims):>9,} {len(graph.steps):>9,} {len(graph.harms):>8,} {grounded - began:>8.2f} {told - grounded:>7.2f} "
        f"{done - told:>8.2f} {done - began:>8.2f}  {plan.status} {plan.proof.objective:g} (bound {plan.proof.bound:g}, "
        f"gap {plan.proof.gap:.2%}), {len(plan.controls):,} measures, derived again: {plan.proof.rederived}, {len(proofs)} sampled harms told"
    )
    return done - began, len(graph.steps)


def main(sizes: list[int]) -> None:
    print(f"{'devices':>8} {'claims':>9} {'rules':>9} {'harms':>8} {'ground s':>8} {'paths s':>7} {'choose s':>8} {'total s':>8}  plan")
    before: tuple[float, int] | None = None
    for size in sizes:
        seconds, rules = measure(size)
        if before:
            print(f"{'':>8} rules × {rules / before[1]:.1f}, time × {seconds / before[0]:.1f}")
        before = seconds, rules
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(SIZES))
