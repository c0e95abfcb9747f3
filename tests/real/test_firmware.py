"""Real firmware with known truths. Nothing of it is kept here: the tests skip where the shared data are absent."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from asepsis.model.study import Study
from asepsis.story import Options, run
from tests.real.shared import DATA
from tests.written import documents

pytestmark = [pytest.mark.real, pytest.mark.skipif(DATA is None, reason="the shared data are not on this machine (ASEPSIS_SHARED_DATA)")]

FIRMWARE = (DATA or Path()) / "a_firmware"


@cache
def study_of(name: str, device: str = "generic") -> Study:
    return run([str(FIRMWARE / name)], Options(device=device))


def found(study: Study, rule: str, member: str = "") -> list[str]:
    """Subjects of the findings of a rule, at places that end in ``member``."""
    return sorted(
        finding.subject for finding in study.findings if finding.rule == rule and any(place.path.endswith(member) for place in finding.locations)
    )


def facts(study: Study, kind: str, **wanted: object) -> list[dict[str, object]]:
    """Facts of a kind whose attributes are as wanted."""
    return [fact.attributes for fact in study.facts if fact.kind == kind and all(fact.attributes.get(key) == value for key, value in wanted.items())]


def truth() -> dict:
    return json.loads((FIRMWARE / "truth.json").read_text("utf-8"))


ROUTERS = ["emux/DV-ARM_rootfs-arm.tar.bz2", "emux/DV-MIPSEL_rootfs-mipsel.tar.bz2", "lab_images/lab_dvarm_uimage_squashfs.bin"]
KEYS = [("crypto_material__id_rsa", False), ("crypto_material__id_rsa_encrypted", True), ("crypto_material__pkcs", False)]


@pytest.mark.parametrize("image", ROUTERS)
class TestAnOpenWrtRouter:
    def test_root_has_an_empty_password(self, image):
        assert "root" in found(study_of(image), "empty_password", "etc/shadow")

    def test_dropbear_is_a_service(self, image):
        assert facts(study_of(image), "Service", name="ssh")

    def test_the_serial_console_is_a_way_in(self, image):
        assert facts(study_of(image), "Service", name="serial-console")

    def test_the_versions_of_the_package_list_and_of_the_programs_are_named(self, image):
        named = {(fact["name"].lower(), fact["version"]) for fact in facts(study_of(image), "Component")}
        versions = {version for name, version in named if "openssl" in name}
        assert any(version.startswith("1.0.2n") for version in versions)
        assert any(name == "busybox" and version.startswith("1.23.2") for name, version in named)

    def test_openssl_1_0_2_is_out_of_support(self, image):
        subjects = found(study_of(image), "component_out_of_support")
        assert any("openssl" in subject.lower() for subject in subjects), subjects

    def test_every_byte_was_understood(self, image):
        coverage = study_of(image).coverage
        assert coverage.bytes_understood == coverage.bytes_total, coverage.unopened


@pytest.mark.parametrize("image", ["iotgoat_overlay", "lab_images/lab_iotgoat_overlay.jffs2", "lab_images/lab_iotgoat_overlay.cpio.gz"])
class TestIoTGoat:
    def test_both_hard_coded_accounts_are_named(self, image):
        subjects = found(study_of(image), "hard_coded_password", "etc/shadow")
        assert any("root" in subject for subject in subjects)
        assert any("iotgoatuser" in subject for subject in subjects)

    def test_the_older_hash_in_the_backup_is_seen(self, image):
        assert [fact for fact in study_of(image).facts if fact.kind == "PasswordHash" and fact.where.path.endswith("etc/shadow.bak")]

    def test_both_back_doors_of_rc_local_are_services(self, image):
        names = {fact.attributes["name"] for fact in study_of(image).facts if fact.kind == "Service" and fact.where.path.endswith("etc/rc.local")}
        assert names >= {"bind-shell", "telnet"}

    def test_telnet_listens_on_the_hidden_port(self, image):
        assert facts(study_of(image), "Service", name="telnet", port=65534, enabled=True)

    def test_the_access_point_is_open(self, image):
        assert found(study_of(image), "open_wifi_access_point", "etc/config/wireless")

    def test_no_secret_is_said(self, image):
        for _, document in documents(study_of(image)):
            assert b"7ujMko0vizxv" not in document
            assert b"iotgoathardcodedpassword" not in document


def test_the_nvram_dump_holds_the_wifi_password_in_clear():
    secrets = facts(study_of("emux/nvram_AC15.ini"), "StoredSecret")
    names = {fact.get("key_name"): fact["secret"] for fact in secrets}
    for key in ("wl0_wpa_psk", "wl1.1_wpa_psk"):
        assert names[key]["form"] == "cleartext"
        assert names[key]["known_default"] is True
        assert names[key]["length"] == 8
    assert found(study_of("emux/nvram_AC15.ini"), "wifi_secret_in_clear")


def test_the_kinds_of_hash_in_a_password_file():
    schemes = {fact["account"]: fact["scheme"] for fact in facts(study_of("fact_test_data/users_and_passwords__passwd_test"), "PasswordHash")}
    assert schemes["johndoe"] == "sha512"
    assert schemes["max"] == "apr1"
    assert schemes["root"] == "des"
    assert schemes["user2"] == "md5"
    assert schemes["user"] == "bcrypt"


@pytest.mark.parametrize(("name", "encrypted"), KEYS)
def test_a_private_key_is_seen(name, encrypted):
    keys = facts(study_of(f"fact_test_data/{name}"), "PrivateKey")
    assert keys
    assert {key["encrypted"] for key in keys} == {encrypted}


def test_what_only_looks_like_a_key_is_none():
    # Its armour is broken, but one text in it is the base64 of a whole RSA key, which anybody can use.
    assert [key["bits"] for key in facts(study_of("fact_test_data/crypto_material__FP_test"), "PrivateKey")] == [2048]


def test_mirth_ships_a_keystore_password():
    study = study_of("config_trees/mirth_connect_4.6.0")
    assert facts(study, "StoredSecret")
    assert found(study, "embedded_credential", "mirth.properties") or found(study, "hard_coded_password", "mirth.properties")


def test_mirth_asks_little_of_passwords_and_serves_pages_in_clear():
    study = study_of("config_trees/mirth_connect_4.6.0")
    assert len(found(study, "hardening_absent", "mirth.properties")) == 2
    (http,) = facts(study, "Service", name="http")
    assert (http["port"], http["encrypted"]) == (8080, False)


def test_orthanc_as_shipped_speaks_dicom_in_clear_and_http_to_itself_only():
    services = facts(study_of("config_trees/orthanc", "dicom-server"), "Service")
    dicom = [service for service in services if service["name"] == "dicom"]
    http = [service for service in services if service["name"] == "http"]
    assert dicom
    assert dicom[0]["encrypted"] is False
    assert all(service.get("address") in ("127.0.0.1", "localhost") for service in http)


@pytest.mark.parametrize("image", sorted(name for name in (truth() if DATA else {}) if name.startswith("binwalk_inputs/")))
def test_an_image_is_opened_or_named_as_shut(image):
    study = study_of(image)
    assert study.coverage.files > 0 or study.coverage.unopened or study.problems


def test_an_esp32_dump_that_no_reader_knows_is_not_silent():
    study = study_of("lab_images/lab_nvs_plain.bin")
    assert study.coverage.unopened or study.problems or study.findings
