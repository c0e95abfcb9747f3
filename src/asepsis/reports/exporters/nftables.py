"""nftables: an allow-list for a firewall between the medical devices and everything else, from the conversations that were recorded.

Grammar: nft(8), "Rules", "Comments", "Sets" (nftables 1.0). The mapping:

======================  =============================================================================================================
our noun                nftables
======================  =============================================================================================================
medical device          an element of the sets ``devices4`` and ``devices6``: only their packets are judged here
Conversed, clinical     ``accept`` from the client's address to the server's address and port
Conversed, network      the same: DHCP, DNS and NTP as they were seen
Conversed, unknown      the same, marked ``review``: a maker's own or an encrypted protocol may be clinical
remote control, outside a comment that holds the rule: whoever wants it permits it
everything else         logged, counted, dropped
Problem, NotAssessed    comments at the beginning
======================  =============================================================================================================

Text of a device stands in comments only, in letters that mean nothing to nft. What is lost: everything that is no traffic.
"""

from __future__ import annotations

from asepsis.model.study import Study
from asepsis.reports.exporter import ExporterInfo, Tells
from asepsis.reports.talks import Purpose, Talk, Talks, plain, preamble, talks

_COMMENT = 120
"""nft keeps at most 128 bytes of a rule's comment."""
_NOT_PERMITTED = frozenset({Purpose.REMOTE, Purpose.OUTSIDE})
_WHAT = (
    "Allow-list for medical devices, made from recorded traffic. To try it without effect: nft -c -f FILE",
    "It is for the firewall that forwards the devices' packets (for a bridge: family bridge). It judges only packets to or from the devices.",
    "A conversation that was not recorded is cut: that is a clinical loss, perhaps of a therapy or an alarm. A person who knows the ward must",
    "read every line before it is loaded. Lines that begin with '# seen' were recorded but are not permitted: remote control, and destinations",
    "outside. Lines with 'review' are permitted though what is said in them was not understood, or who began it was not seen.",
)
_HEAD = """\
    chain forward {
        type filter hook forward priority filter; policy accept;
        ip saddr @devices4 goto judged
        ip daddr @devices4 goto judged
        ip6 saddr @devices6 goto judged
        ip6 daddr @devices6 goto judged
    }

    chain judged {
        ct state established,related accept
        icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
"""
_TAIL = """\
        limit rate 10/second log prefix "asepsis drop: "
        counter drop
    }
}
"""


class NftablesExporter:
    """The recorded conversations of medical devices as an allow-list."""

    info = ExporterInfo("nftables", "nftables allow-list", "text/plain", "firewalls between medical devices and the hospital", Tells.TRAFFIC)

    def write(self, study: Study) -> bytes:
        """The whole file. Raises ``NothingToTell`` without recorded traffic of a medical device."""
        recorded = talks(study)
        about = [f"# {line}".rstrip() for line in preamble(study, recorded, _WHAT)]
        # The table is made before it is deleted, so that loading the file again replaces it.
        lines = ["#!/usr/sbin/nft -f", *about, "", "table inet asepsis", "delete table inet asepsis", "", "table inet asepsis {"]
        text = "\n".join([*lines, *_set(recorded, 4), *_set(recorded, 6)])
        rules = "\n".join(_rule(talk) for talk in recorded.every if talk.client in recorded.devices or talk.server in recorded.devices)
        return f"{text}\n{_HEAD}{rules}\n{_TAIL}".encode("ascii")


def _set(recorded: Talks, version: int) -> list[str]:
    """The devices with addresses of one version of IP."""
    devices = [(str(address), words) for address, words in recorded.devices.items() if address.version == version]
    named = [f"        # {address}: {words}" for address, words in devices]
    elements = [f"        elements = {{ {', '.join(address for address, _ in devices)} }}"] if devices else []
    kind = "ipv4_addr" if version == 4 else "ipv6_addr"  # noqa: PLR2004 - the version of IP
    return [f"    set devices{version} {{", f"        type {kind}", *named, *elements, "    }", ""]


def _rule(talk: Talk) -> str:
    family = "ip" if talk.client.version == 4 else "ip6"  # noqa: PLR2004 - the version of IP
    review = "review: " if talk.purpose is Purpose.UNKNOWN or talk.seen.guessed else ""
    comment = plain(f"{review}{talk.protocol}, {talk.seen.where}", _COMMENT)
    rule = f'{family} saddr {talk.client} {family} daddr {talk.server} {talk.seen.transport} dport {talk.seen.port} accept comment "{comment}"'
    return f"        # seen, not permitted ({talk.purpose}): {rule}" if talk.purpose in _NOT_PERMITTED else f"        {rule}"
