"""A site says where attackers may stand; a wrong word in it is never taken silently."""

import pytest

from asepsis.knowledge.sites import load_site
from asepsis.knowledge.toml_file import KnowledgeError
from asepsis.model.device import Link, Site

TEXT = """
name = "ward 7"
starts = ["touch", "wifi_range"]
links = [{ from_zone = "hospital_network", to_zone = "device_network" }]
attached = ["device_network"]
wifi = { "Guest" = "internet", "WARD7" = "device_network" }
"""


def test_a_site_is_read_as_written(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(TEXT)
    assert load_site(path) == Site(
        name="ward 7",
        starts=("touch", "wifi_range"),
        links=(Link("hospital_network", "device_network"),),
        attached=("device_network",),
        wifi={"Guest": "internet", "WARD7": "device_network"},
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"touch", ', '"tuch", ', "starts: no such zone: 'tuch'; did you mean touch?"),
        ('to_zone = "device_network"', 'to_zone = "device-network"', "links.1.to_zone: no such zone: 'device-network'; did you mean device_network?"),
        ('= "internet"', '= "internat"', "wifi.Guest: no such zone: 'internat'; did you mean internet?"),
        ('attached = ["device_network"]', 'attached = ["vlan"]', "attached: no such zone: 'vlan'; known are "),
        ("attached", "attachd", "attachd: no such key; did you mean attached?"),
        ('starts = ["touch", "wifi_range"]', "starts = []", "starts: no attacker could start anywhere"),
        ("from_zone =", "from =", "links.1.from: no such key; did you mean from_zone"),
        ('name = "ward 7"', "", "name: missing"),
    ],
)
def test_a_mistake_is_named_with_its_key(tmp_path, old, new, said):
    assert old in TEXT
    path = tmp_path / "site.toml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(KnowledgeError) as refused:
        load_site(path)
    assert str(refused.value).startswith(f"{path}: {said}")
