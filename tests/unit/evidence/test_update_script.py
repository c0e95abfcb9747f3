"""Scripts that put software onto the device, and whether they check whose it is."""

import pytest

from asepsis.evidence.reader import Sureness
from asepsis.evidence.readers.config.update_script import UpdateScriptReader
from asepsis.guard.limits import STANDARD
from asepsis.guard.redact import Redactor
from asepsis.guard.source import BoundedSource
from asepsis.model.facts import UpdateMechanism, Zone
from asepsis.model.where import Where


def read(text: str, path: str = "opt/bin/update.sh") -> list[UpdateMechanism]:
    data, found = ("#!/bin/sh\n" + text).encode(), []
    if UpdateScriptReader().recognises(path, data[:4096]) is not Sureness.NO:
        UpdateScriptReader().read(BoundedSource(data, Where("e1", path), Redactor(bytes(16)), STANDARD), found.append)
    return found


def test_fetched_in_the_clear_and_unpacked_unchecked():
    (found,) = read("BASE=http://updates.example\nwget -q -O /tmp/u.tgz $BASE/latest.tgz\ntar -xzf /tmp/u.tgz -C /\n")
    assert (found.name, found.where.line, found.zone) == ("script-update.sh", 4, Zone.DEVICE_NETWORK)
    assert (found.signature_checked, found.rollback_refused, found.transport_protected) == (False, False, False)


@pytest.mark.parametrize(
    "text",
    [
        "curl -s ftp://u.example/fw.bin -o fw.bin\ndd if=fw.bin of=/dev/mtd2\n",
        "wget -O - http://u.example/run | sh\n",
        "curl -k https://u.example/fw.tar -o fw.tar && tar xf fw.tar -C /\n",
        "tftp -g -r fw.img 10.0.0.1\nflashcp fw.img /dev/mtd1\n",
        "wget http://u.example/a.deb\ndpkg -i a.deb\n",
        "wget http://u.example/go.sh\nsh ./go.sh\n",
    ],
)
def test_open_ways_of_fetching_and_ways_of_installing(text):
    (found,) = read(text)
    assert (found.signature_checked, found.transport_protected, found.zone) == (False, False, Zone.DEVICE_NETWORK)


def test_over_tls_only_whoever_holds_the_server_can_hand_something_in():
    (found,) = read("curl -sf -O https://u.example/fw.tar\ntar xf fw.tar\n")
    assert (found.signature_checked, found.transport_protected, found.zone) == (False, True, Zone.SUPPLY_CHAIN)


@pytest.mark.parametrize(
    "check",
    [
        "openssl dgst -sha256 -verify key.pub -signature fw.sig fw.tar || exit 1",
        "if ! usign -V -m fw.tar -p key.pub; then exit 1; fi",
        "gpgv --keyring k.gpg fw.sig fw.tar && echo good",
        "set -e\ngpg --verify fw.sig fw.tar",
    ],
)
def test_a_signature_check_that_is_acted_on_counts(check):
    (found,) = read(f"wget http://u.example/fw.tar\n{check}\ntar xf fw.tar\n")
    assert found.signature_checked is True


def test_a_check_whose_answer_nobody_heeds_is_not_taken_for_one():
    (found,) = read("wget http://u.example/fw.tar\nopenssl dgst -verify key.pub -signature fw.sig fw.tar\ntar xf fw.tar\n")
    assert found.signature_checked is None


def test_a_check_after_the_fact_and_a_checksum_are_none():
    (late,) = read("wget http://u.example/fw.tar\ntar xf fw.tar\ngpgv fw.sig fw.tar || exit 1\n")
    (sums,) = read("wget http://u.example/fw.tar\nmd5sum -c fw.md5 || exit 1\ntar xf fw.tar\n")
    assert (late.signature_checked, sums.signature_checked) == (False, False)


def test_a_version_that_must_be_newer_refuses_a_rollback():
    (found,) = read('wget http://u.example/fw.tar\n[ "$(cat new.version)" -gt "$(cat /etc/version)" ] || exit 1\ntar xf fw.tar\n')
    assert found.rollback_refused is True


def test_what_is_plugged_in_is_handed_over_by_touch():
    (found,) = read("mount -t vfat /dev/sda1 /mnt/usb\n[ -f /mnt/usb/update.sh ] && sh /mnt/usb/update.sh\n")
    assert (found.zone, found.signature_checked, found.transport_protected) == (Zone.TOUCH, False, None)


@pytest.mark.parametrize(
    "text",
    [
        "wget -q http://u.example/list.txt -O list.txt\ncat list.txt\n",
        "tar xzf /usr/share/defaults.tgz -C /etc\n",
        "tar czf logs.tgz /var/log\ncurl -T logs.tgz http://u.example/in/\n",
        "wget http://u.example/page.html\ntar xf other.tar\n",
        "# wget http://u.example/fw.tar\n# tar xf fw.tar\nwget\n",
        "mount -t proc proc /proc\nsh /proc/x\n",
    ],
)
def test_scripts_that_only_fetch_only_unpack_or_send_are_no_update(text):
    assert read(text) == []


def test_documentation_and_programs_are_not_read():
    assert read("wget http://u.example/fw.tar\ntar xf fw.tar\n", "usr/share/doc/examples/update.sh") == []
    assert UpdateScriptReader().recognises("bin/wget", b"\x7fELF\0wget") is Sureness.NO


def test_a_fetched_file_that_is_called_by_its_path_is_installed():
    (found,) = read("wget -O /tmp/u http://a.net/u\nchmod +x /tmp/u\n/tmp/u\n")
    assert found.signature_checked is False


@pytest.mark.parametrize("line", ["/usr/bin/md5sum /tmp/u", "/opt/report"])
def test_a_program_of_the_device_that_looks_at_it_installs_nothing(line: str):
    assert read(f"wget -O /tmp/u http://a.net/u\n{line}\n") == []


@pytest.mark.parametrize(
    "line", ["apk add --allow-untrusted /tmp/a.apk", "apt-get -y --allow-unauthenticated install pump", "dnf --nogpgcheck update"]
)
def test_a_package_manager_that_is_told_to_check_no_signature_installs_without_one(line: str):
    (found,) = read(f"{line}\n")
    assert found.signature_checked is False


def test_a_package_manager_by_itself_is_no_update_script():
    assert read("apt-get -y install pump\n") == []
