"""Grounding must keep every way to a thing: a way that is lost here is a path that no plan will close."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asepsis.attack_paths.ground import ground
from asepsis.model.claim import claim

NAMES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6, unique=True)


def log_ins(services):
    """A device that takes one known secret at each of ``services``."""
    yield claim("starts", "device_network")
    yield claim("attached", "pump", "device_network")
    yield claim("secret", "pump", "s1", "login", "empty")
    for service in services:
        yield claim("service", "pump", service, "device_network", "password")
        yield claim("service_gives", "pump", service, "control")
        yield claim("accepts", "pump", "s1", service)


@given(NAMES)
def test_each_service_that_takes_the_secret_is_a_way_of_its_own_whatever_its_name(services):
    graph = ground(log_ins(services))
    ways = {
        graph.leaves[atom].args[1]
        for step in graph.steps
        if step.move == "use-secret"
        for atom in step.body
        if atom in graph.leaves and graph.leaves[atom].predicate == "service"
    }
    assert ways == set(services)


def test_the_order_of_claims_does_not_matter():
    claims = list(log_ins(["ssh", "telnet", "ftp"]))
    assert ground(claims) == ground(reversed(claims))


def test_no_claims_no_graph():
    graph = ground([])
    assert (graph.steps, graph.harms, graph.leaves) == ((), (), {})
