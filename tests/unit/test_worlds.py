"""Small worlds of facts in which a person knows what must follow: the five verbs after reading, from facts to plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asepsis.knowledge.load import load
from asepsis.model.device import BarrierState, Link
from asepsis.model.plan import Actor
from asepsis.story import Options, conclude, prepare, replan
from tests.cases.loader import reading_of

HANDS = {"touch", "second_hand_unit", "inductive_range"}
TELNET = {"kind": "Service", "name": "telnet", "auth": "none", "enabled": True, "port": 23}
TELNET_PASSWORD = {**TELNET, "auth": "password"}
SSH_PASSWORD = {"kind": "Service", "name": "ssh", "auth": "password", "enabled": True, "port": 22, "root_log_in": True}
ORDERS = {"kind": "Flow", "name": "orders", "effect": "command", "encrypted": False, "authenticated": False, "accepts_strangers": True}
JTAG = {"kind": "HardwareAccess", "name": "JTAG", "gives": "control"}
STRONG_HASH = {
    "kind": "PasswordHash",
    "account": "root",
    "scheme": "sha512",
    "secret": {"kind": "login", "form": "hashed", "length": 106, "digest": "ab" * 8, "known_default": False},
}
WIFI = {
    "kind": "StoredSecret",
    "store": "wpa_supplicant",
    "subject": "WARD",
    "key_name": "psk",
    "secret": {"kind": "wifi", "form": "cleartext", "length": 12, "digest": "cd" * 8},
}
HOST_KEY = {
    "kind": "PrivateKey",
    "algorithm": "rsa",
    "bits": 2048,
    "encoding": "openssh",
    "encrypted": False,
    "purpose": "ssh-host",
    "secret": {"kind": "key", "form": "cleartext", "length": 1600, "digest": "ef" * 8},
}


def study_of(*facts, device="infusion-pump", starts=None, links=None, verified=()):
    """The study of these facts. ``verified`` names barriers of the profile that a test has shown."""
    setting = prepare(Options(device=device))
    site = replace(setting.site, starts=tuple(starts or setting.site.starts))
    site = site if links is None else replace(site, links=tuple(Link(*link) for link in links))
    profile = load().device(device)
    shown = (replace(one, state=BarrierState.VERIFIED, source="test 7") if one.id in verified else one for one in profile.barriers)
    setting = replace(setting, site=site, device=replace(profile, barriers=tuple(shown)))
    return conclude(reading_of({"fact": [{"where": f"file{number}", **fact} for number, fact in enumerate(facts)]}), setting)


def ways(study):
    return {(path.start, *(step.move for step in path.steps)) for path in study.paths}


def chosen(plan):
    return [control.id for control in plan.controls]


def test_a_segmented_network_keeps_the_hospital_out_and_not_who_already_stands_inside():
    assert study_of(TELNET, starts=["hospital_network"], links=[]).paths == ()
    assert {path.start for path in study_of(TELNET, starts=["device_network"], links=[]).paths} == {"device_network"}


def test_a_wifi_password_alone_hurts_nobody():
    assert study_of(WIFI).paths == ()


def test_the_hospital_closes_the_way_of_a_sold_unit_by_changing_the_password_and_wiping():
    flaw = {"kind": "KnownVulnerability", "id": "CVE-2020-0001", "cwe": 120, "zone": "device_network", "gives": "control"}
    study = study_of(WIFI, flaw, starts=["second_hand_unit", "wifi_range"])
    assert {path.start for path in study.paths} == {"second_hand_unit"}
    assert chosen(study.plan) == ["M07"]


def test_a_host_key_lets_nobody_log_in():
    assert study_of(HOST_KEY, {**SSH_PASSWORD, "auth": "key"}).paths == ()


def test_whoever_has_the_host_key_of_all_units_learns_the_password_of_whoever_logs_in():
    study = study_of(HOST_KEY, SSH_PASSWORD)
    assert study.paths
    assert all("pose-as-device" in way for way in ways(study))
    assert chosen(study.plan) == ["M28"]
    assert study_of(HOST_KEY, SSH_PASSWORD, starts=["device_network"]).paths == ()


def test_a_password_that_only_a_console_takes_hurts_one_patient_at_a_time():
    study = study_of(STRONG_HASH, {"kind": "Service", "name": "serial-console", "auth": "password", "enabled": True, "zone": "touch"})
    assert study.paths
    assert not any(path.harm.many_patients for path in study.paths)
    assert {rating.feasibility for rating in study.ratings} == {"low"}


def test_a_verified_confirmation_stops_orders_and_not_who_controls_the_pump():
    assert study_of(ORDERS, verified=["bedside-confirmation"]).paths == ()
    study = study_of(ORDERS, TELNET, verified=["bedside-confirmation"])
    assert {path.steps[-1].move for path in study.paths} == {"harm-in-control"}


def test_a_verified_dose_limit_stops_the_false_dose_and_not_the_stop():
    harms = {path.harm.effect for path in study_of(TELNET, verified=["hard-dose-limit"]).paths}
    assert "command" not in harms
    assert {"stop", "reading"} <= harms


def test_one_password_for_two_services_of_which_one_is_off_is_used_at_the_other():
    study = study_of(STRONG_HASH, TELNET_PASSWORD, {**SSH_PASSWORD, "enabled": False})
    said = " ".join(step.sentence for path in study.paths for step in path.steps)
    assert "‘telnet’" in said
    assert "‘ssh’" not in said
    assert chosen(study.plan) == ["M03"]


def test_closing_one_of_two_services_with_one_password_is_not_enough():
    study = replan(study_of(STRONG_HASH, TELNET_PASSWORD, SSH_PASSWORD), only=frozenset({Actor.MAKER}))
    assert chosen(study.plan) == ["M01"]


def test_an_order_can_be_invented_and_recorded_and_both_are_told():
    moves = {way[1] for way in ways(study_of({**ORDERS, "replay_protected": False}, starts=["device_network"]))}
    assert {"impersonate-peer", "replay-flow"} <= moves


@pytest.mark.parametrize("zone", ["radio_range", "inductive_range"])
def test_turning_the_radio_off_helps_against_the_radio_and_not_against_the_wand(zone):
    link = {"kind": "RadioLink", "technology": "rf", "zone": zone, "encrypted": False, "authenticated": False, "replay_protected": False}
    plan = replan(study_of(link, device="pacemaker"), only=frozenset({Actor.CLINICIAN})).plan
    assert (chosen(plan) == ["M15"], bool(plan.remains)) == ((True, False) if zone == "radio_range" else (False, True))


def test_every_control_of_a_plan_closes_a_path_that_is_told():
    """Five ways over the network are easier than the one by hand, so it is told only because the plan closes it."""
    unsigned = {"kind": "UpdateMechanism", "name": "swupdate", "zone": "device_network", "signature_checked": False}
    flaw = {"kind": "KnownVulnerability", "id": "CVE-2020-0001", "cwe": 120, "zone": "device_network", "gives": "control"}
    old = {"kind": "OperatingSystem", "name": "Linux", "version": "2.6.20", "product": "linux"}
    study = study_of(TELNET, unsigned, flaw, old, STRONG_HASH, SSH_PASSWORD, JTAG)
    assert "M21" in chosen(study.plan)
    for plan in (study.plan, *study.alternatives):
        assert all(control.cuts for control in plan.controls)
    assert {rating.path for rating in study.ratings} == {path.id for path in study.paths}
    assert replan(study).plan == study.plan
    assert any("the plan is made against all of them" in text for text in study.assumptions)
    assert not any("the plan is made against all of them" in text for text in study_of(JTAG).assumptions)


def test_a_harm_keeps_its_level_and_is_worth_a_plan_even_where_only_a_hand_reaches():
    study = study_of(JTAG)
    assert {path.start for path in study.paths} <= HANDS
    assert chosen(study.plan) == ["M21"]
    assert study.plan.proof.rederived == 0


def test_a_replay_is_not_said_to_need_nobody():
    study = study_of({**ORDERS, "accepts_strangers": False, "authenticated": True, "replay_protected": False}, device="generic")
    (replay,) = {path.id for path in study.paths if path.start == "device_network"}
    (rating,) = [rating for rating in study.ratings if rating.path == replay]
    (rubric,) = [scheme for scheme in rating.schemes if scheme.scheme == "rubric"]
    (told,) = [answer for answer in rubric.answers if answer.question.startswith("XUI")]
    assert (told.value, told.by) == ("unknown", "worst-case")
    assert "used the real thing" in told.because


def test_a_wifi_with_a_public_default_password_is_closed_by_changing_it():
    default = {**WIFI, "secret": {**WIFI["secret"], "known_default": True}}
    study = study_of(default, TELNET, starts=["wifi_range"])
    assert {way[1] for way in ways(study)} == {"look-up-published-default"}
    assert chosen(replan(study, only=frozenset({Actor.HOSPITAL}), forbid=frozenset({"M03"})).plan) == ["M07"]
