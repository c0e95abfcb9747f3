"""Secrets in the command lines that a device starts, on the whole road: told with their place, and in no report."""

from __future__ import annotations

import pytest

from asepsis.model.study import Study
from asepsis.reports.explain import explain
from asepsis.reports.summary import summary
from asepsis.reports.tell import tell
from asepsis.story import Options, run

SECRETS = ("cache-lamp-1", "ward-read-2", "board-key-3", "gallery-lamp-5", "harbour-lock-2", "in-share-8")
FILES = {
    "etc/inetd.conf": f"4000 stream tcp nowait root /usr/bin/redis-cli redis-cli -a {SECRETS[0]} monitor\n",
    "etc/xinetd.d/status": f"service status\n{{\n server = /usr/bin/snmpget\n server_args = -v2c -c {SECRETS[1]} 10.0.0.9 sysDescr.0\n}}\n",
    "usr/bin/report.sh": f"#!/bin/sh\nipmitool -H 10.0.0.8 -U admin -P {SECRETS[2]} chassis status\n",
    "vendor/etc/init/agent.rc": f"service upload /vendor/bin/curl -sSu pump:{SECRETS[3]} https://host.example/x\n",
    "etc/udev/rules.d/80-update.rules": f'ACTION=="add", RUN+="/usr/bin/7z x -p{SECRETS[4]} /mnt/update.7z"\n',
    "etc/fstab": f"//nurse:{SECRETS[5]}@server/b /mnt/b cifs rw 0 0\n",
    "usr/bin/harmless.sh": "#!/bin/sh\nredis-cli -p 6380 ping\nmysql -u root -p records\nwget --ask-password https://host.example/x\n",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    root = tmp_path_factory.mktemp("device")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return run([str(root)], Options())


def test_each_is_found_at_its_place_and_nothing_in_the_harmless_script(study: Study):
    found = {
        place.path for finding in study.findings for place in finding.locations if finding.rule in {"embedded_credential", "stored_network_login"}
    }
    assert found == set(FILES) - {"usr/bin/harmless.sh"}


def test_no_report_shows_one(study: Study):
    said = "\n".join([*summary(study, []), *(line for finding in study.findings for line in explain(study, finding.id))])
    said += "".join(tell(study, form).decode() for form in ("json", "html", "sarif"))
    assert [secret for secret in SECRETS if secret in said] == []
