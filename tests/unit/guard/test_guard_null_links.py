"""Links to /dev/null are told: that is how a systemd unit is masked."""

from __future__ import annotations

from pathlib import Path

from asepsis.guard.tree import follow_links, walk


def test_a_link_to_null_is_told_and_no_other(tmp_path: Path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "a.service").symlink_to("/dev/null")
    (tmp_path / "etc" / "b.service").symlink_to("../dev/null")
    (tmp_path / "etc" / "c.service").symlink_to("/dev/zero")
    assert follow_links(walk(tmp_path)).to_null == ("etc/a.service", "etc/b.service")


def test_a_container_has_a_null_of_its_own(tmp_path: Path):
    (tmp_path / "img_extract" / "etc").mkdir(parents=True)
    (tmp_path / "img_extract" / "etc" / "a.service").symlink_to("/dev/null")
    assert follow_links(walk(tmp_path), frozenset({"img_extract"})).to_null == ("img_extract/etc/a.service",)
