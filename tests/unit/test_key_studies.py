"""Keys on the whole road: a private key that an account's list lets in is a path to control, and without its door it is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from asepsis.model.study import Study
from asepsis.story import Options, run

PRIVATE = ed25519.Ed25519PrivateKey.generate()
PEM = PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
LINE = PRIVATE.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
PUMP = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nftp:x:7:7:ftp:/srv/ftp:/sbin/nologin\n",
    "etc/init.d/S50dropbear": "#!/bin/sh\n/usr/sbin/dropbear -R -s -p 22\n",
    "root/.ssh/authorized_keys": LINE + " service\n",
    "opt/tool/data.bin": "\0\0" + PEM,
}


def study_of(folder: Path, **changes: str) -> Study:
    for name, text in {**PUMP, **{name.replace("__", "/"): text for name, text in changes.items()}}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return run([f"dir:{folder}"], Options())


def logs_in(study: Study) -> bool:
    return any("use-secret" in [step.move for step in path.steps] for path in study.paths)


def test_a_key_whose_public_half_root_takes_is_a_path_to_control(tmp_path: Path):
    study = study_of(tmp_path)
    assert logs_in(study)
    (key,) = (finding for finding in study.findings if finding.rule == "private_key_in_image")
    assert key.title == "The private key of an SSH user is shipped in the software and logs in as 'root'"
    assert key.certainty == "reachable"
    assert "its public half is among the authorised keys of 'root' (root/.ssh/authorized_keys:1)" in key.shown_by
    assert any("etc/init.d/S50dropbear:2" in line for line in key.shown_by)


@pytest.mark.parametrize(
    "changes",
    [
        {"opt__tool__data.bin": "nothing"},
        {"root__.ssh__authorized_keys": f"# {LINE}\n"},
        {"root__.ssh__authorized_keys": f'command="/bin/true" {LINE}\n'},
        {"etc__init.d__S50dropbear": "#!/bin/sh\n/usr/sbin/dropbear -s -w\n"},
        {"etc__init.d__S50dropbear": "#!/bin/sh\n/usr/sbin/dropbear -s -p 127.0.0.1:22\n"},
        {"etc__passwd": "root:x:0:0:root:/root:/sbin/nologin\n"},
    ],
    ids=["no private half", "commented out", "one command only", "root refused", "loopback only", "no shell"],
)
def test_with_one_of_its_parts_missing_it_is_none(tmp_path: Path, changes: dict[str, str]):
    assert not logs_in(study_of(tmp_path, **changes))


def test_the_key_of_one_unit_opens_the_other(tmp_path: Path):
    holder, taker = tmp_path / "a", tmp_path / "b"
    study_of(holder, **{"root__.ssh__authorized_keys": ""})
    study_of(taker, **{"opt__tool__data.bin": ""})
    study = run([f"dir:{holder}", f"dir:{taker}"], Options())
    assert logs_in(study)
    (listed,) = (finding for finding in study.findings if finding.rule == "authorized_key_shipped")
    assert "its private half lies in a: opt/tool/data.bin@0x2" in listed.facts
    (shared,) = study.shared
    assert (shared.what, shared.sharing, shared.evidence) == ("private key", "halves", ("e1", "e2"))
    assert [(half.what, half.whose, str(half.where)) for half in shared.public] == [("authorised key", "root", "root/.ssh/authorized_keys:1")]
