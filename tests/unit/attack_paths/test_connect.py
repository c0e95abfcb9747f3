"""Toy worlds thought out by hand: which paths there are, in which words, and how many patients they reach."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from asepsis.attack_paths.connect import connect
from asepsis.model.claim import claim
from asepsis.model.device import Barrier, BarrierState, Device, Function, HarmEntry, Link, Site
from asepsis.model.facts import Confidence, Effect
from asepsis.model.finding import Certainty, Finding, Weakness
from asepsis.model.where import Where

PUMP = Device(
    "pump",
    "Infusion pump",
    (
        Function("set-dose", "Set the dose", (HarmEntry(Effect.COMMAND, 5, "The pump gives a dose that nobody ordered."),)),
        Function("record", "Keep the record", (HarmEntry(Effect.RECORD, 2, "Strangers read the patient's record"),)),
    ),
)
SITE = Site(
    "toy",
    starts=("hospital_network", "touch"),
    links=(Link("hospital_network", "device_network"),),
    attached=("device_network",),
    wifi={},
    units_obtainable=True,
)


def finding(finding_id, *claims, subject="thing"):
    return Finding(
        id=finding_id,
        rule="rule",
        weakness=Weakness.HARD_CODED_CREDENTIAL,
        cwe=(798,),
        title="A weakness.",
        subject=subject,
        certainty=Certainty.PRESENT,
        confidence=Confidence.CONFIRMED,
        locations=(Where("e1", "etc/passwd"),),
        claims=tuple(claims),
    )


TELNET = finding("F-telnet", claim("service", "this", "telnet", "device_network", "none"), claim("service_gives", "this", "telnet", "control"))
SSH = finding("F-ssh", claim("service", "this", "ssh", "device_network", "password"), claim("service_gives", "this", "ssh", "control"))
PASSWORD = finding("F-password", claim("secret", "this", "0a0a", "login", "cleartext"), claim("accepts", "this", "0a0a", "ssh"), subject="root")
SAME = finding("F-same", claim("same_in_every_unit", "this", "0a0a"))
WIFI = finding("F-wifi", claim("secret", "this", "0b0b", "wifi", "cleartext"), claim("opens_network", "0b0b", "device_network"), subject="ward")


def paths(*findings, site=SITE, device=PUMP, function="set-dose"):
    return [path for path in connect(findings, device, site).paths if path.harm.function == function]


def moves(path):
    return [step.move for step in path.steps]


def test_without_findings_there_is_no_path():
    assert connect((), PUMP, SITE).paths == ()


def test_open_telnet_is_one_hop_from_the_hospital_network_and_then_harm():
    (path,) = paths(TELNET)
    assert moves(path) == ["cross-networks", "use-open-service", "harm-in-control"]
    assert [step.sentence for step in path.steps] == [
        "Goes on from the hospital network to the device network, which nothing keeps apart.",
        "From the device network, uses ‘telnet’ of the infusion pump, which asks for no log-in; that gives full control.",
        "In control of the infusion pump: The pump gives a dose that nobody ordered.",
    ]
    assert (path.start, path.findings, path.harm.level, path.harm.many_patients) == ("hospital_network", ("F-telnet",), 5, False)
    assert path.steps[1].findings == ("F-telnet",)
    assert path.steps[1].exploitability == pytest.approx(3.887)


def test_a_touched_unit_gives_its_password_away_and_is_entered_over_the_network():
    (path,) = paths(SSH, PASSWORD)
    assert path.start == "touch"
    assert path.steps[0].move == "read-secret-by-hand"
    assert path.steps[0].sentence == "With the infusion pump in hand, reads the password of account ‘root’ out of its memory."
    assert path.steps[0].exploitability == pytest.approx(8.22 * 0.2 * 0.77 * 0.85 * 0.85, abs=0.001)
    assert set(path.findings) == {"F-ssh", "F-password"}


def test_a_stored_wifi_password_opens_the_network_and_its_name_is_said_not_its_digest():
    site = replace(SITE, starts=("touch",))
    (path,) = paths(WIFI, TELNET, site=site)
    assert moves(path) == ["read-secret-by-hand", "join-wifi", "use-open-service", "harm-in-control"]
    assert path.steps[1].sentence == "Within Wi-Fi range, joins the device network with the Wi-Fi password of network ‘ward’."
    assert "0b0b" not in "".join(step.sentence for step in path.steps)
    assert path.start == "touch"


def test_the_site_says_where_a_wifi_network_leads():
    elsewhere = replace(SITE, starts=("touch",), wifi={"ward": "internet"})
    assert paths(WIFI, TELNET, site=elsewhere) == []
    by_default = replace(SITE, starts=("touch",), wifi_default="internet")
    assert paths(WIFI, TELNET, site=by_default) == []


def test_a_discarded_unit_gives_the_wifi_away_only_where_units_can_be_had():
    site = replace(SITE, starts=("second_hand_unit", "wifi_range"))
    (path,) = paths(WIFI, TELNET, site=site)
    assert moves(path)[0] == "read-network-secret-from-discarded-unit"
    assert path.start == "second_hand_unit"
    assert path.steps[0].assumes
    assert paths(WIFI, TELNET, site=replace(site, units_obtainable=False)) == []


def test_a_secret_that_is_the_same_in_every_unit_makes_the_path_many_patient():
    site = replace(SITE, starts=("second_hand_unit", "device_network"))
    (path,) = paths(SSH, PASSWORD, SAME, site=site)
    assert moves(path)[0] == "read-shared-secret-from-another-unit"
    assert path.harm.many_patients
    assert path.many_because == ("The password of account ‘root’ is the same in every unit: what works on one works on all.",)


def test_a_shared_secret_that_must_be_used_by_hand_is_not_many_patient():
    console = finding("F-console", claim("service", "this", "ssh", "touch", "password"), claim("service_gives", "this", "ssh", "control"))
    found = paths(console, PASSWORD, SAME)
    assert found
    assert not any(path.harm.many_patients for path in found)


def test_a_unit_that_serves_several_patients_makes_every_path_many_patient():
    (path,) = paths(TELNET, device=replace(PUMP, patients_per_unit=8))
    assert path.many_because == ("One unit of the infusion pump serves several patients.",)


def test_a_packet_that_reaches_every_unit_makes_the_path_many_patient():
    broadcast = finding("F-b", claim("vulnerable", "this", "one packet", "device_network", "command"), claim("reaches_many", "this", "one packet"))
    (path,) = paths(broadcast)
    assert path.many_because == ("One use of ‘one packet’ reaches many units.",)


def test_a_claimed_barrier_is_named_and_stops_nothing_and_a_verified_one_closes_its_routes():
    order = finding("F-order", claim("flow", "this", "orders", "device_network", "command"), claim("believes_strangers", "this", "orders"))
    barrier = Barrier("confirm", "Bedside confirmation", "set-dose", Effect.COMMAND, ("order",))
    (path,) = paths(order, device=replace(PUMP, barriers=(barrier,)))
    assert path.barriers_claimed == ("Bedside confirmation",)
    verified = replace(PUMP, barriers=(replace(barrier, state=BarrierState.VERIFIED, source="test 7"),))
    assert paths(order, device=verified) == []
    (path,) = paths(TELNET, device=verified)
    assert path.barriers_claimed == ()


def test_an_unverified_barrier_on_another_route_is_not_named():
    barrier = Barrier("confirm", "Bedside confirmation", "set-dose", Effect.COMMAND, ("order",))
    (path,) = paths(TELNET, device=replace(PUMP, barriers=(barrier,)))
    assert path.barriers_claimed == ()


def test_a_thing_reached_from_the_internet_is_reached_from_there_and_nothing_else_is():
    site = replace(SITE, starts=("internet",), links=())
    agent = finding(
        "F-agent", claim("service", "this", "remote-support", "internet", "none"), claim("service_gives", "this", "remote-support", "control")
    )
    assert [path.start for path in paths(agent, site=site)] == ["internet"]
    both = paths(agent, TELNET, site=site)
    assert all("telnet" not in step.sentence for path in both for step in path.steps)


def test_the_order_of_findings_does_not_matter():
    findings = [TELNET, SSH, PASSWORD, SAME, WIFI]
    expected = connect(findings, PUMP, SITE)
    for seed in range(5):
        Random(seed).shuffle(findings)
        assert connect(findings, PUMP, SITE) == expected


def test_the_worst_harm_comes_first_and_the_most_feasible_path_of_it():
    found = connect([TELNET, SSH, PASSWORD], PUMP, SITE).paths
    assert [path.harm.level for path in found] == sorted((path.harm.level for path in found), reverse=True)
    assert found[0].findings == ("F-telnet",)


def test_the_path_that_rating_calls_most_feasible_is_told_even_if_another_has_fewer_hops():
    connector = finding("F-uart", claim("service", "this", "uart", "touch", "none"), claim("service_gives", "this", "uart", "control"))
    site = replace(SITE, starts=("touch", "second_hand_unit", "device_network"))
    found = connect([connector, SSH, PASSWORD, SAME], PUMP, site, paths_per_harm=1).paths
    assert [moves(path)[0] for path in found] == ["read-shared-secret-from-another-unit"] * 2


def test_two_ways_by_the_same_findings_are_two_ways():
    open_flow = (claim("flow", "this", "orders", "device_network", "command"),)
    stranger = finding("F-stranger", *open_flow, claim("believes_strangers", "this", "orders"))
    replay = finding("F-replay", *open_flow, claim("replayable", "this", "orders"))
    site = replace(SITE, starts=("device_network",))
    found = paths(stranger, replay, site=site)
    assert [moves(path)[0] for path in found] == ["impersonate-peer", "replay-flow"]
    assert found[0].findings == found[1].findings == ("F-replay", "F-stranger")


def test_nobody_fetches_a_second_unit_who_has_this_one_in_hand():
    site = replace(SITE, starts=("touch", "second_hand_unit", "wifi_range"))
    found = paths(WIFI, TELNET, site=site)
    assert {(path.start, moves(path)[0]) for path in found} == {
        ("touch", "read-secret-by-hand"),
        ("second_hand_unit", "read-network-secret-from-discarded-unit"),
    }


def test_path_ids_are_stable_and_differ():
    found = connect([TELNET, SSH, PASSWORD, WIFI], PUMP, SITE).paths
    assert len({path.id for path in found}) == len(found)
    assert paths(TELNET)[0].id == paths(TELNET, finding("F-other", claim("replayable", "this", "nothing")))[0].id


def test_at_most_so_many_paths_a_harm_are_told():
    services = [
        finding(
            f"F-{number:02}",
            claim("service", "this", f"telnet-{number:02}", "device_network", "none"),
            claim("service_gives", "this", f"telnet-{number:02}", "control"),
        )
        for number in range(30)
    ]
    assert len(paths(*services)) == 3
    assert len([path for path in connect(services, PUMP, SITE, paths_per_harm=2).paths if path.harm.function == "set-dose"]) == 2


HOSTILE = ['"); harm("x', "line\nbreak", "nul\0nul", "\udc80\udcff", "{device}", "%s", "'; --", "x" * 100_000, "\u202ertl", "a, b", "", "\\"]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_a_device_stays_text(name):
    hostile = finding("F-h", claim("service", "this", name, "device_network", "none"), claim("service_gives", "this", name, "control"), subject=name)
    (path,) = paths(hostile)
    assert moves(path) == ["cross-networks", "use-open-service", "harm-in-control"]
    assert (name if len(name) <= 80 else name[:80]) in path.steps[1].sentence
    assert len(path.steps[1].sentence) < 400
    assert claim("service", "pump", name, "device_network", "none") in path.steps[1].claims


def test_two_names_that_differ_behind_a_nul_are_two_names():
    one = finding("F-1", claim("service", "this", "a\0b", "device_network", "none"))
    two = finding("F-2", claim("service_gives", "this", "a\0c", "control"))
    assert paths(one, two) == []
