"""Which published flaws are matched to which parts, and with what verdict. Known traps first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asepsis.findings.flaws.match import match
from asepsis.findings.rule import Facts
from asepsis.knowledge.load import load
from asepsis.model.device import Device
from asepsis.model.evidence import Evidence, EvidenceKind
from asepsis.model.fact import Gives
from asepsis.model.facts import Component, Fact, KernelModule, KernelOption, Linkage, OperatingSystem, Service, StartedProgram, VexClaim, Zone
from asepsis.model.software import Justification, VexStatus
from asepsis.model.vulnerability import Affected, Match, Range, Reached, Vulnerability
from asepsis.model.where import Where
from tests.cases.loader import CaseFlaws

TOTAL = ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",)
FLAW = "CVE-2099-1000"
BEFORE_2 = (Range(fixed="2.0"),)
KERNEL = OperatingSystem(Where("e1", "boot/zImage", 4), "Linux", "4.14.98-yocto", "linux")
IMAGE = (Evidence("e1", EvidenceKind.FIRMWARE, "pump.bin", "0" * 64, 1),)
KERNEL_CPE = "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*"


def cpe(vendor: str, product: str, target: str = "*", part: str = "a") -> str:
    return f"cpe:2.3:{part}:{vendor}:{product}:*:*:*:*:*:{target}:*:*"


def part(name: str = "examplelib", version: str = "1.5", *, path: str = "usr/lib/libexample.so.1", **more: object) -> Component:
    return Component(Where("e1", path), name, version, **more)  # type: ignore[arg-type]


def says(**more: object) -> Affected:
    return Affected(**{"vulnerability": FLAW, "source": "nvd", "cpe": cpe("example", "examplelib"), "ranges": BEFORE_2, **more})  # type: ignore[arg-type]


def flaw(**more: object) -> Vulnerability:
    return Vulnerability(**{"id": FLAW, "vectors": TOTAL, **more})  # type: ignore[arg-type]


def matched(facts: list[Fact], *statements: Affected, flaws: tuple[Vulnerability, ...] = (), device: Device | None = None) -> tuple[Match, ...]:
    store = CaseFlaws(flaws or (flaw(),), statements)
    return match(Facts(facts, IMAGE), store, load().kernel_parts(), lambda product: {"linux": KERNEL_CPE}.get(product, ""), device)


def one(facts: list[Fact], *statements: Affected, flaws: tuple[Vulnerability, ...] = ()) -> Match:
    (found,) = matched(facts, *statements, flaws=flaws)
    return found


OURS = part(cpe="cpe:2.3:a:example:examplelib:1.5:*:*:*:*:*:*:*")


def test_a_flaw_of_a_browser_on_the_kernel_is_none_of_the_kernel():
    chrome = says(cpe=cpe("google", "chrome"), with_=((KERNEL_CPE,),))
    assert matched([KERNEL], chrome) == ()


def test_an_operating_system_in_a_bill_of_materials_is_matched_whatever_kind_its_cpe_name_says():
    kernel = "cpe:2.3:{}:linux:linux_kernel:4.14.98:*:*:*:*:*:*:*"
    for kind in "ao":
        listed = part("linux_kernel", "4.14.98", path="sbom.json", cpe=kernel.format(kind))
        assert [found.vulnerability for found in matched([listed], says(cpe=KERNEL_CPE, ranges=(Range(fixed="4.15"),)))] == [FLAW]


def test_an_advisory_of_one_ecosystem_is_never_matched_in_another():
    npm = says(cpe="", purl="pkg:npm/examplelib", scheme="npm")
    assert matched([OURS], npm) == ()
    assert matched([part(purl="pkg:deb/debian/examplelib@1.5-1")], npm) == ()
    assert [found.status for found in matched([part(purl="pkg:npm/examplelib@1.5.0")], npm)] == [VexStatus.UNDER_INVESTIGATION]


def test_a_language_package_is_no_system_library_of_the_same_name():
    guessed = part(purl="pkg:npm/examplelib@1.5.0", cpe="cpe:2.3:a:example:examplelib:1.5.0:*:*:*:*:*:*:*")
    assert matched([guessed], says()) == ()
    assert len(matched([guessed], says(cpe=cpe("example", "examplelib", "node.js")))) == 1


@pytest.mark.parametrize(
    ("target", "number"), [("*", 1), ("linux", 1), ("linux_kernel", 1), ("windows", 0), ("wordpress", 0), ("node.js", 0), ("android", 0)]
)
def test_the_target_software_is_a_field_and_counts_as_one(target: str, number: int):
    assert len(matched([OURS, KERNEL], says(cpe=cpe("example", "examplelib", target)))) == number


def test_a_part_of_a_name_is_no_name():
    assert matched([part("examplelib-utils", cpe="cpe:2.3:a:example:examplelib_utils:1.5:*:*:*:*:*:*:*")], says()) == ()


def test_without_a_name_of_an_ecosystem_nothing_is_guessed():
    assert matched([part()], says()) == ()


def test_what_nothing_uses_stays_open_and_says_why():
    found = one([OURS], says())
    assert (found.status, found.decided_by, found.reached) == (VexStatus.UNDER_INVESTIGATION, "nobody", Reached.PRESENT)
    assert "nothing shows that it is started" in found.against[-1]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("nginx:nginx", "igor_sysoev:nginx"), ("f5:nginx", "nginx:nginx"), ("arm:mbed_tls", "polarssl:polarssl"), ("haxx:curl", "haxx:libcurl")],
)
def test_a_product_is_found_under_the_name_that_it_was_kept_under_before(ours: str, theirs: str):
    own = part(cpe=f"cpe:2.3:a:{ours}:1.5:*:*:*:*:*:*:*")
    assert len(matched([own], says(cpe=cpe(*theirs.split(":"))))) == 1


def test_a_program_of_a_makers_other_product_is_not_that_product():
    assert matched([part(cpe="cpe:2.3:a:f5:nginx_controller:1.5:*:*:*:*:*:*:*")], says(cpe=cpe("igor_sysoev", "nginx"))) == ()


def test_a_range_with_an_end_alone_begins_with_the_first_version_and_leaves_its_end_out():
    for version, number in (("0.0.1", 1), ("1.9.9", 1), ("2.0", 0), ("2.0.0", 0)):
        assert len(matched([part(version=version, cpe=f"cpe:2.3:a:example:examplelib:{version}:*:*:*:*:*:*:*")], says())) == number


def test_a_name_without_a_version_names_no_version():
    """``-`` says that there are no versions, ``*`` that none is known: neither is compared as if it were one."""
    for version in ("-", "*", ""):
        unversioned = part(version=version.strip("*"), cpe=f"cpe:2.3:a:example:examplelib:{version or '*'}:*:*:*:*:*:*:*")
        assert [found.status for found in matched([unversioned, *LINKED, STARTED], says())] == [VexStatus.UNDER_INVESTIGATION]


def test_what_needs_two_things_beside_it_needs_both():
    board, linux = ("cpe:2.3:h:example:board:-:*:*:*:*:*:*:*",), (KERNEL_CPE,)
    found = one([OURS, *LINKED, STARTED, KERNEL], says(with_=(board, linux)))
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert any("example board, which was not seen" in text for text in found.against)
    assert not any("linux_kernel" in text for text in found.against)


DEBIAN = "pkg:deb/debian/examplelib@{}?distro=debian-12"


@pytest.mark.parametrize(
    ("version", "status"), [("1.5-4+deb12u2", VexStatus.AFFECTED), ("1.5-4+deb12u3", VexStatus.FIXED), ("1.5-4+deb12u10", VexStatus.FIXED)]
)
def test_a_backport_of_a_distribution_mends_the_package_and_not_the_release(version: str, status: VexStatus):
    package = part(purl=DEBIAN.format(version.replace("+", "%2B")), cpe="cpe:2.3:a:example:examplelib:1.5:*:*:*:*:*:*:*")
    debian = says(source="osv", cpe="", purl="pkg:deb/debian/examplelib", distro="debian-12", scheme="deb", ranges=(Range(fixed="1.5-4+deb12u3"),))
    assert one([package, *LINKED, STARTED], says(), debian).status is status


@pytest.mark.parametrize(("version", "number"), [("1.5-r2", 1), ("1.5-r9", 1), ("1.5-r10", 0)])
def test_a_build_of_alpine_is_compared_as_a_number(version: str, number: int):
    alpine = says(source="osv", cpe="", purl="pkg:apk/alpine/examplelib", distro="alpine-3.18", scheme="apk", ranges=(Range(fixed="1.5-r10"),))
    assert len(matched([part(version=version, purl=f"pkg:apk/alpine/examplelib@{version}?distro=alpine-3.18.4")], alpine)) == number


LINKED = [
    Linkage(Where("e1", "usr/lib/libexample.so.1"), "libexample.so.1"),
    Linkage(Where("e1", "usr/lib/libmiddle.so.2"), "libmiddle.so.2", ("libexample.so.1", "libc.so.6")),
    Linkage(Where("e1", "usr/sbin/pumpd"), "", ("libmiddle.so.2",), ("middle_open",)),
]
STARTED = StartedProgram(Where("e1", "etc/inittab", line=3), "/usr/sbin/pumpd", "/usr/sbin/pumpd", "inittab")
LISTENS = Service(Where("e1", "etc/pumpd.conf"), "pump-protocol", "pumpd", enabled=True)


def test_a_library_is_used_through_the_library_that_a_started_program_loads():
    found = one([OURS, *LINKED, STARTED], says())
    assert (found.status, found.decided_by, found.reached) == (VexStatus.AFFECTED, "evidence", Reached.USED)
    assert "libexample.so.1 is loaded by pumpd, which the device starts" in found.for_


def test_a_library_of_a_program_that_listens_is_reached():
    found = one([OURS, *LINKED, STARTED, LISTENS], says())
    assert (found.reached, found.zone) == (Reached.LISTENING, Zone.DEVICE_NETWORK)
    assert set(found.gives) == {Gives.CONTROL, Gives.STOP, Gives.RECORD}


def test_functions_that_nobody_imports_are_a_doubt():
    found = one([OURS, *LINKED, STARTED], says(functions=("example_parse",)))
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert any("no program of the device imports example_parse" in text for text in found.against)


def test_what_a_flaw_needs_beside_it_and_is_certainly_not_here_closes_it():
    windows = says(with_=(("cpe:2.3:o:microsoft:windows_10:*:*:*:*:*:*:*:*",),))
    found = one([OURS, *LINKED, STARTED, KERNEL], windows)
    assert (found.status, found.justification) == (VexStatus.NOT_AFFECTED, Justification.CODE_NOT_IN_EXECUTE_PATH)
    assert "only beside microsoft windows_10, and the device's system is linux" in found.against[0]


def test_hardware_that_nobody_saw_is_a_doubt():
    found = one([OURS, *LINKED, STARTED, KERNEL], says(with_=(("cpe:2.3:h:example:board:-:*:*:*:*:*:*:*",),)))
    assert found.status is VexStatus.UNDER_INVESTIGATION


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("pkg:golang/github.com/BurntSushi/toml@1.5.0", "pkg:golang/github.com/burntsushi/toml"),
        ("pkg:pypi/zope.interface@1.5", "pkg:pypi/zope-interface"),
        ("pkg:npm/%40scope/name@1.5.0", "pkg:npm/@scope/name"),
    ],
)
def test_a_package_is_found_however_its_name_is_written(ours: str, theirs: str):
    """The store's keys are lower case and without escapes."""
    own = part(purl=ours)
    scheme = ours.removeprefix("pkg:").partition("/")[0]
    assert len(matched([own], says(cpe="", purl=theirs, scheme=scheme))) == 1


def test_a_source_that_only_suspects_a_version_settles_nothing():
    found = one([OURS, *LINKED, STARTED], says(status=VexStatus.UNDER_INVESTIGATION, ranges=(Range(),)))
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert "nvd does not say that this version is affected, only that it may be" in found.against


def test_a_mended_release_of_the_maker_does_not_mend_a_distributions_package():
    packaged = part(purl="pkg:deb/debian/examplelib@1.5-1?distro=debian-11", cpe="cpe:2.3:a:example:examplelib:1.5:*:*:*:*:*:*:*")
    released = says(source="maker", status=VexStatus.FIXED, ranges=(Range(introduced="1.5", fixed="1.6"),))
    debian = says(source="osv", cpe="", purl="pkg:deb/debian/examplelib", distro="debian-11", scheme="deb", ranges=(Range(fixed="1.5-2"),))
    assert one([packaged, *LINKED, STARTED], released, debian).status is VexStatus.AFFECTED


def test_what_a_packages_own_advisory_outweighs_is_told_and_not_dropped():
    own = part(purl="pkg:npm/examplelib@1.5.0", cpe="cpe:2.3:a:example:examplelib:1.5.0:*:*:*:*:*:*:*")
    advisory = says(source="osv", cpe="", purl="pkg:npm/examplelib", scheme="npm", ranges=(Range(fixed="1.4.0"),))
    found = one([own], advisory, says(cpe=cpe("example", "examplelib", "node.js")))
    assert (found.status, found.decided_by) == (VexStatus.FIXED, "source")
    assert "the package's own advisory does not concern 1.5.0" in found.against


def test_only_the_range_that_a_version_lies_in_is_told():
    found = one([OURS], says(ranges=tuple(Range(introduced=f"{number}.0", fixed=f"{number}.9") for number in range(40))))
    assert found.for_ == ("by its CPE name, 1.5 is affected: from 1.0 before 1.9 (nvd)",)


def test_the_store_is_asked_once_for_a_flaw():
    class Counting(CaseFlaws):
        asked = 0

        def vulnerability(self, vulnerability_id: str) -> Vulnerability | None:
            self.asked += 1
            return super().vulnerability(vulnerability_id)

    store = Counting((flaw(),), [says(ranges=(Range(fixed=f"2.{number}"),)) for number in range(50)])
    assert len(match(Facts([OURS]), store, ())) == 1
    assert store.asked == 1


# --- the kernel ------------------------------------------------------------------------------------------------------


def options(**set_: str) -> list[KernelOption]:
    names = {**{f"FILLING_{number}": "y" for number in range(100)}, "ARM": "y", "NET": "y", **set_}
    return [KernelOption(Where("e1", "boot/config", line=number), name, value) for number, (name, value) in enumerate(names.items(), 1)]


IN_KERNEL = says(cpe=KERNEL_CPE, ranges=(Range(fixed="4.15"),))
OLD = flaw(summary="A flaw in the hci_sock_bound_ioctl function in net/bluetooth/hci_sock.c in the Linux kernel before 4.15.")


def test_what_the_kernels_configuration_leaves_out_is_not_there():
    found = one([KERNEL, *options()], IN_KERNEL, flaws=(OLD,))
    assert (found.status, found.justification, found.decided_by) == (VexStatus.NOT_AFFECTED, Justification.CODE_NOT_PRESENT, "evidence")
    assert "net/bluetooth was not compiled: CONFIG_BT is not set (boot/config" in found.against[0]


def test_what_the_kernels_configuration_takes_in_is_there_and_runs():
    found = one([KERNEL, *options(BT="y")], IN_KERNEL, flaws=(OLD,))
    assert (found.status, found.reached, found.zone) == (VexStatus.AFFECTED, Reached.STARTED, Zone.BLUETOOTH_RANGE)


def test_a_module_that_is_not_in_the_device_is_not_there():
    there = [KernelModule(Where("e1", "lib/modules/4.14.98/kernel/fs/fuse/fuse.ko"), "fuse", "fs/fuse/fuse")]
    built_in = [KernelModule(Where("e1", "lib/modules/4.14.98/modules.builtin", line=1), "ext4", "fs/ext4/ext4", built_in=True)]
    found = one([KERNEL, *options(BT="m"), *there, *built_in], IN_KERNEL, flaws=(OLD,))
    assert (found.status, found.justification) == (VexStatus.NOT_AFFECTED, Justification.CODE_NOT_PRESENT)
    bluetooth = KernelModule(Where("e1", "lib/modules/4.14.98/kernel/net/bluetooth/bluetooth.ko"), "bluetooth", "net/bluetooth/bluetooth")
    assert one([KERNEL, *options(BT="m"), *there, *built_in, bluetooth], IN_KERNEL, flaws=(OLD,)).status is VexStatus.AFFECTED


def test_modules_alone_answer_for_what_can_be_a_module():
    modules = [
        KernelModule(Where("e1", "lib/modules/4.14.98/kernel/fs/fuse/fuse.ko"), "fuse", "fs/fuse/fuse"),
        KernelModule(Where("e1", "lib/modules/4.14.98/modules.builtin", line=1), "ext4", "fs/ext4/ext4", built_in=True),
    ]
    assert one([KERNEL, *modules], IN_KERNEL, flaws=(OLD,)).status is VexStatus.NOT_AFFECTED
    traced = flaw(summary="A flaw in kernel/trace/ftrace.c.")
    assert one([KERNEL, *modules], IN_KERNEL, flaws=(traced,)).status is VexStatus.UNDER_INVESTIGATION


def test_code_for_another_processor_is_not_there():
    other = flaw(summary="A flaw in arch/x86/kernel/ptrace.c in the Linux kernel.")
    assert one([KERNEL, *options()], IN_KERNEL, flaws=(other,)).status is VexStatus.NOT_AFFECTED
    own = flaw(summary="A flaw in arch/arm/kernel/perf_event.c in the Linux kernel.")
    assert one([KERNEL, *options()], IN_KERNEL, flaws=(own,)).status is VexStatus.UNDER_INVESTIGATION


def test_without_a_configuration_the_kernel_stays_open():
    assert one([KERNEL], IN_KERNEL, flaws=(OLD,)).status is VexStatus.UNDER_INVESTIGATION
    assert one([KERNEL, *options()[:50]], IN_KERNEL, flaws=(OLD,)).status is VexStatus.UNDER_INVESTIGATION


def test_one_file_of_several_that_is_there_is_enough():
    both = flaw(summary="A flaw in net/bluetooth/hci_sock.c and net/ipv4/tcp_input.c.")
    assert one([KERNEL, *options()], IN_KERNEL, flaws=(both,)).status is VexStatus.AFFECTED


def test_a_stable_branch_that_was_mended_outweighs_the_range_of_all_branches():
    mended = says(source="kernel", status=VexStatus.FIXED, cpe=KERNEL_CPE, ranges=(Range(introduced="4.14.90", fixed="4.15"),))
    found = one([KERNEL, *options(BT="y")], IN_KERNEL, mended, flaws=(OLD,))
    assert (found.status, found.decided_by) == (VexStatus.FIXED, "source")


BUILT_IN = [
    KernelModule(Where("e1", "lib/modules/4.14.98/kernel/arch/x86/kvm/kvm.ko"), "kvm", "arch/x86/kvm/kvm"),
    KernelModule(Where("e1", "lib/modules/4.14.98/modules.builtin", line=1), "ext4", "fs/ext4/ext4", built_in=True),
]


@pytest.mark.parametrize(
    ("file", "set_"),
    [
        ("virt/kvm/kvm_main.c", {"KVM": "m"}),
        ("arch/x86/hyperv/hv_init.c", {"HYPERV": "m", "X86": "y"}),
        ("net/ipv6/output_core.c", {"INET": "y"}),
        ("net/ipv6/addrconf_core.c", {}),
        ("net/ipv4/igmp.c", {"INET": "y"}),
        ("net/sched/sch_generic.c", {}),
        ("net/ipv4/netfilter/nf_defrag_ipv4.c", {"NETFILTER": "y"}),
        ("kernel/bpf/core.c", {"BPF": "y"}),
        ("kernel/power/qos.c", {}),
        ("drivers/net/slip/slhc.c", {"SLHC": "y"}),
        ("drivers/net/can/vcan.c", {"CAN": "y", "CAN_VCAN": "y"}),
        ("drivers/net/ethernet/mellanox/mlxsw/core.c", {"MLXSW_CORE": "y"}),
        ("drivers/vhost/vringh.c", {"VHOST_RING": "y"}),
        ("drivers/media/rc/rc-main.c", {"RC_CORE": "y"}),
        ("sound/pci/hda/hda_codec.c", {"SND_HDA": "y"}),
    ],
)
def test_what_is_compiled_without_the_obvious_option_is_not_closed(file: str, set_: dict[str, str]):
    """Each was worked out from the Makefiles of Linux 6.1."""
    found = one([KERNEL, *options(**set_), *BUILT_IN], IN_KERNEL, flaws=(flaw(summary=f"A flaw in {file} in the Linux kernel."),))
    assert found.status is not VexStatus.NOT_AFFECTED


def test_modules_alone_never_answer_for_code_that_becomes_a_piece_of_another_folders_module():
    shared = flaw(summary="A flaw in virt/kvm/kvm_main.c in the Linux kernel.")
    assert one([KERNEL, *BUILT_IN], IN_KERNEL, flaws=(shared,)).status is VexStatus.UNDER_INVESTIGATION


@pytest.mark.parametrize("version", ["5.10.0-28-amd64", "5.4.0-150-generic", "3.10.0-1160.el7.x86_64"])
def test_a_distributions_name_of_a_kernel_build_is_no_upstream_release(version: str):
    built = OperatingSystem(Where("e1", "boot/vmlinuz", 4), "Linux", version, "linux")
    found = one([built, *options(BT="y")], says(cpe=KERNEL_CPE, ranges=(Range(fixed="6.0"),)), flaws=(OLD,))
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert any("a distribution's name of a build" in text for text in found.against)


def test_the_release_that_a_distributions_kernel_package_names_is_matched():
    package = part(
        "linux-image-5.10.0-28-amd64", "5.10.209", product="linux", purl="pkg:deb/debian/linux-image-5.10.0-28-amd64@5.10.209-2?distro=debian-11"
    )
    assert matched([package], says(cpe=KERNEL_CPE, ranges=(Range(introduced="5.10", fixed="5.10.200"),))) == ()


# --- makers ----------------------------------------------------------------------------------------------------------


def claims(status: VexStatus, justification: Justification | None = None, **about: Any) -> VexClaim:
    return VexClaim(Where("e2", "pump.vex.json"), FLAW, status, justification, said_by="Example Pumps", **about)


USED: list[Fact] = [OURS, *LINKED, STARTED]


@pytest.mark.parametrize(
    "about",
    [
        {"component": "examplelib", "version": "1.5"},
        {"component": "ExampleLib", "version": "1.5"},
        {"purl": "pkg:generic/examplelib@1.5", "component": "examplelib", "version": "1.5"},
        {"cpe": "cpe:2.3:a:example:examplelib:1.5:*:*:*:*:*:*:*"},
        {"component": "whatever", "sha256": ("ab" * 32,)},
    ],
)
def test_a_maker_closes_a_match_which_stays_listed(about: dict[str, Any]):
    own = part(cpe="cpe:2.3:a:example:examplelib:1.5:*:*:*:*:*:*:*", sha256="ab" * 32)
    found = one([own, *LINKED, STARTED, claims(VexStatus.NOT_AFFECTED, Justification.MITIGATED_INLINE, **about)], says())
    assert (found.status, found.decided_by, found.justification) == (VexStatus.NOT_AFFECTED, "maker", Justification.MITIGATED_INLINE)
    assert found.against[0].startswith("Example Pumps says not affected, inline mitigations already exist")


@pytest.mark.parametrize(
    "about", [{"component": "otherlib"}, {"component": "examplelib", "version": "1.4"}, {"purl": "pkg:npm/examplelib"}, {"cpe": "nonsense"}]
)
def test_a_claim_about_something_else_closes_nothing(about: dict[str, str]):
    assert one([*USED, claims(VexStatus.NOT_AFFECTED, **about)], says()).status is VexStatus.AFFECTED


EXACT = {"component": "examplelib", "version": "1.5"}
MITIGATED = (VexStatus.NOT_AFFECTED, Justification.MITIGATED_INLINE)


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (claims(*MITIGATED), "does not name exactly this version of this part"),
        (claims(*MITIGATED, component="examplelib"), "does not name exactly this version of this part"),
        (claims(*MITIGATED, cpe=cpe("example", "examplelib")), "does not name exactly this version of this part"),
        (claims(VexStatus.NOT_AFFECTED, **EXACT), "gives none of the five reasons"),
        (replace(claims(*MITIGATED, **EXACT), said_by=""), "no author stands behind it"),
        (claims(VexStatus.NOT_AFFECTED, Justification.COMPONENT_NOT_PRESENT, **EXACT), "the part was read in the device"),
    ],
)
def test_a_claim_that_does_not_count_is_told_and_closes_nothing(claim: VexClaim, why: str):
    found = one([*USED, claim], says())
    assert (found.status, found.decided_by) == (VexStatus.AFFECTED, "evidence")
    assert any("says not affected" in text and why in text for text in found.against)


ELSEWHERE = {**EXACT, "product_sha256": ("cd" * 32,)}


def test_a_claim_for_a_product_with_another_digest_is_told_and_closes_nothing():
    found = one([*USED, claims(*MITIGATED, **ELSEWHERE)], says())
    assert (found.status, found.decided_by) == (VexStatus.AFFECTED, "evidence")
    assert any("closes nothing here: the product that it names has another SHA-256 than the evidence" in text for text in found.against)


def test_a_claim_for_another_product_replaces_nothing_that_is_said_of_this_device():
    old = replace(claims(*MITIGATED, **EXACT), stated="2099-01-01T00:00:00+00:00")
    newer = replace(claims(VexStatus.AFFECTED, **ELSEWHERE), stated="2099-02-01T00:00:00+00:00")
    found = one([*USED, old, newer], says())
    assert (found.status, found.decided_by) == (VexStatus.NOT_AFFECTED, "maker")
    assert any("says affected" in text and "the product that it names has another SHA-256" in text for text in found.against)


def test_claims_for_many_other_products_are_told_once():
    many = [claims(*MITIGATED, **EXACT, product_sha256=(f"{number:064x}",)) for number in range(1, 101)]
    told = [text for text in one([*USED, *many], says()).against if "another SHA-256" in text]
    assert len(told) == 1
    assert "and 99 more claims about other products" in told[0]


def test_a_claim_for_the_evidence_itself_closes_what_it_names():
    given = Evidence("e1", EvidenceKind.FIRMWARE, "pump.bin", "cd" * 32, 1)
    store = CaseFlaws((flaw(),), (says(),))
    (found,) = match(Facts([*USED, claims(*MITIGATED, sha256=("cd" * 32,))], [given]), store, load().kernel_parts())
    assert (found.status, found.decided_by) == (VexStatus.NOT_AFFECTED, "maker")


def test_a_program_that_imports_the_flawed_function_contradicts_its_maker():
    claim = claims(VexStatus.NOT_AFFECTED, Justification.CODE_NOT_IN_EXECUTE_PATH, **EXACT)
    imported = says(functions=("middle_open",))
    found = one([*USED, claim], imported)
    assert (found.status, found.decided_by) == (VexStatus.AFFECTED, "evidence")
    assert any("the evidence contradicts it: pumpd imports one of middle_open" in text for text in found.against)
    assert one([*USED, claim], says(functions=("example_parse",))).decided_by == "maker"


def test_a_module_that_lies_in_the_device_contradicts_the_maker_who_says_it_was_left_out():
    claim = claims(VexStatus.NOT_AFFECTED, Justification.CODE_NOT_PRESENT, component="Linux", version="4.14.98")
    bluetooth = KernelModule(Where("e1", "lib/modules/4.14.98/kernel/net/bluetooth/bluetooth.ko"), "bluetooth", "net/bluetooth/bluetooth")
    found = one([KERNEL, *options(BT="m"), bluetooth, claim], IN_KERNEL, flaws=(OLD,))
    assert found.status is VexStatus.AFFECTED
    assert any("the module bluetooth lies in the device" in text for text in found.against)
    built_in = one([KERNEL, *options(BT="y"), claim], IN_KERNEL, flaws=(OLD,))
    assert any("CONFIG_BT is built into the kernel" in text for text in built_in.against)


def test_of_two_makers_the_one_who_keeps_the_flaw_open_counts():
    found = one([*USED, claims(*MITIGATED, **EXACT), claims(VexStatus.AFFECTED, **EXACT)], says())
    assert (found.status, found.decided_by) == (VexStatus.AFFECTED, "maker")
    assert found.against[-1] == "they contradict each other: the one that keeps the flaw open counts"


def test_a_maker_who_still_looks_settles_nothing():
    found = one([*USED, claims(*MITIGATED, **EXACT), claims(VexStatus.UNDER_INVESTIGATION, **EXACT)], says())
    assert (found.status, found.decided_by) == (VexStatus.AFFECTED, "evidence")
    assert any("says under investigation" in text for text in found.against)


def test_what_a_maker_has_replaced_since_does_not_count():
    old = replace(claims(*MITIGATED, **EXACT), stated="2099-01-01T00:00:00+00:00")
    new = replace(claims(VexStatus.AFFECTED, **EXACT), stated="2099-02-01T00:00:00+00:00")
    assert one([*USED, old, new], says()).status is VexStatus.AFFECTED
    mended = replace(claims(VexStatus.FIXED, **EXACT), stated="2099-03-01T00:00:00+00:00")
    found = one([*USED, new, mended], says())
    assert (found.status, found.decided_by) == (VexStatus.FIXED, "maker")
    assert any("its author said something newer on 2099-03-01" in text for text in found.against)


EARLIER, LATER = "2099-01-01T00:00:00+00:00", "2099-02-01T00:00:00+00:00"
IN_PUMP_2 = {**EXACT, "product": "Pump 2"}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (claims(VexStatus.AFFECTED, **EXACT), claims(*MITIGATED, component="examplelib")),
        (claims(VexStatus.AFFECTED, **EXACT), claims(VexStatus.NOT_AFFECTED, **EXACT)),
        (claims(VexStatus.AFFECTED, **EXACT), claims(VexStatus.NOT_AFFECTED, Justification.COMPONENT_NOT_PRESENT, **EXACT)),
        (claims(VexStatus.AFFECTED, **EXACT), claims(VexStatus.UNDER_INVESTIGATION, component="examplelib")),
        (claims(VexStatus.AFFECTED, **EXACT), claims(*MITIGATED, **IN_PUMP_2)),
        (claims(VexStatus.AFFECTED, **{**EXACT, "product": "Pump 1"}), claims(*MITIGATED, **IN_PUMP_2)),
    ],
    ids=["no version", "no reason", "against the evidence", "less exact", "in one product alone", "in another product"],
)
def test_a_newer_claim_that_does_not_count_takes_nothing_back(older: VexClaim, newer: VexClaim):
    said = [replace(older, stated=EARLIER), replace(newer, stated=LATER)]
    found = one([*USED, *said], says())
    assert (found.status, found.decided_by) == (VexStatus.AFFECTED, "maker")
    assert not any("its author said something newer" in text for text in found.against)
    mended = says(source="maker", status=VexStatus.FIXED, ranges=(Range(introduced="1.5", fixed="1.6"),))
    assert one([*USED, *said], says(), mended).status is VexStatus.UNDER_INVESTIGATION


@pytest.mark.parametrize(
    "product", [{}, {"product": "Pump 1", "product_sha256": ("0" * 64,)}, {"product": "Pump 2"}], ids=["all", "this one", "the same"]
)
def test_a_newer_claim_of_all_products_of_the_same_or_of_this_one_replaces_the_older(product: dict[str, Any]):
    older = replace(claims(VexStatus.AFFECTED, **IN_PUMP_2), stated=EARLIER)
    found = one([*USED, older, replace(claims(*MITIGATED, **EXACT, **product), stated=LATER)], says())
    assert (found.status, found.decided_by) == (VexStatus.NOT_AFFECTED, "maker")


def test_a_maker_who_says_affected_reopens_what_evidence_closed():
    mended = says(source="maker", status=VexStatus.FIXED, ranges=(Range(introduced="1.5", fixed="1.6"),))
    found = one([*USED, claims(VexStatus.AFFECTED, **EXACT)], says(), mended)
    assert (found.status, found.decided_by) == (VexStatus.UNDER_INVESTIGATION, "nobody")
    assert found.against[-1].startswith("but Example Pumps says affected")
    assert one([*USED, claims(VexStatus.AFFECTED, component="examplelib")], says(), mended).status is VexStatus.FIXED


def test_what_the_parts_own_metadata_call_patched_is_mended():
    patched = part(cpe="cpe:2.3:a:example:examplelib:1.5:*:*:*:*:*:*:*", patched=(FLAW,))
    assert one([patched, *LINKED, STARTED], says()).status is VexStatus.FIXED


# --- records ---------------------------------------------------------------------------------------------------------


def test_a_withdrawn_flaw_is_none():
    assert matched(USED, says(), flaws=(flaw(withdrawn=True),)) == ()


def test_a_flaw_under_two_names_is_one():
    other = Vulnerability("GHSA-aaaa", aliases=(FLAW,))
    assert [found.vulnerability for found in matched(USED, says(), says(vulnerability="GHSA-aaaa", source="osv"), flaws=(flaw(), other))] == [FLAW]


def test_a_version_that_cannot_be_compared_stays_open():
    odd = part(version="unknown", cpe="cpe:2.3:a:example:examplelib:*:*:*:*:*:*:*:*")
    found = one([odd, *LINKED, STARTED], says())
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert any("cannot be compared" in text for text in found.against)


def test_ids_survive_the_next_version():
    newer = part(version="1.6", cpe="cpe:2.3:a:example:examplelib:1.6:*:*:*:*:*:*:*")
    assert one([OURS], says()).id == one([newer], says()).id


@pytest.mark.parametrize(
    "vector",
    [
        "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
        "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
        "AV:N/AC:L/Au:S/C:C/I:C/A:C",
    ],
)
def test_a_flaw_that_needs_a_log_in_or_a_helping_hand_opens_no_way_for_strangers(vector: str):
    found = one([*USED, LISTENS], says(), flaws=(flaw(vectors=(vector,)),))
    assert (found.status, found.zone) == (VexStatus.AFFECTED, None)


@pytest.mark.parametrize(
    ("vector", "cwes", "gives"),
    [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", (), {Gives.STOP}),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", (), {Gives.RECORD}),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:L", (), set()),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", (), {Gives.CONTROL, Gives.STOP, Gives.RECORD}),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", (119,), {Gives.CONTROL, Gives.STOP}),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", (), {Gives.STOP}),
        ("AV:N/AC:L/Au:N/C:C/I:C/A:C", (), {Gives.CONTROL, Gives.STOP, Gives.RECORD}),
    ],
)
def test_what_a_flaw_gives_is_taken_from_its_score_and_its_weakness(vector: str, cwes: tuple[int, ...], gives: set[Gives]):
    assert set(one(USED, says(), flaws=(flaw(vectors=(vector,), cwes=cwes),)).gives) == gives


DIGEST = "5" * 64
BY_FILE = {"cpe": "", "ranges": (), "source": "csaf:Example", "vendor": "Example", "product": "Example Library", "sha256": (DIGEST,)}


def test_a_file_with_the_digest_of_an_advisory_is_what_the_advisory_means_whatever_its_version():
    found = one([part(version="", sha256=DIGEST), *LINKED, STARTED], says(**BY_FILE, versions=("9.9",)))
    assert (found.status, found.reached) == (VexStatus.AFFECTED, Reached.USED)
    assert found.for_[0] == "by the digest of its file, it is affected: 9.9 (csaf:Example)"


def test_a_file_with_another_digest_is_none_of_it():
    assert matched([part("Example Library", "9.9", sha256="6" * 64)], says(**BY_FILE, versions=("9.9",))) == ()


def test_what_an_advisory_says_of_the_very_file_outweighs_its_cpe_name():
    mended = says(**BY_FILE, status=VexStatus.FIXED)
    found = one([part(cpe=OURS.cpe, sha256=DIGEST), *LINKED, STARTED], says(), mended)
    assert (found.status, found.decided_by) == (VexStatus.FIXED, "source")


def test_an_advisory_with_a_package_url_is_matched_by_it():
    advisory = says(cpe="", source="csaf:Example", purl="pkg:npm/examplelib", scheme="npm", vendor="Example", product="Example Library")
    assert len(matched([part(purl="pkg:npm/examplelib@1.5.0")], advisory)) == 1
    assert matched([part("Example Library", purl="pkg:npm/examplelib2@1.5.0")], advisory) == ()


WORDS = {"cpe": "", "source": "csaf:CISA", "vendor": "Example Pumps", "product": "Pump 3000"}


def device(maker: str = "Example Pumps", model: str = "Pump 3000", version: str = "1.5") -> Device:
    return Device("pump", "A pump", (), maker=maker, model=model, version=version)


def test_an_advisory_on_the_device_itself_is_matched_by_maker_and_model_of_its_profile():
    (found,) = matched([], says(**WORDS), device=device("EXAMPLE PUMPS", "pump-3000"))
    assert (found.status, found.component, found.version) == (VexStatus.AFFECTED, "pump-3000", "1.5")
    assert (found.reached, [str(where) for where in found.where]) == (Reached.USED, ["pump.bin"])
    assert found.for_ == ("by maker and name of the device, 1.5 is affected: from the first before 2.0 (csaf:CISA)", "it is the device itself")


@pytest.mark.parametrize(
    "other",
    [
        device(model="Pump 300"),
        device(model="Pump 3000 Plus"),
        device(model="Pump"),
        device(maker="Example"),
        device(maker="Other Pumps"),
        device(version="2.0"),
        device(model=""),
        device(model="-"),
    ],
)
def test_another_maker_model_or_version_is_another_device(other: Device):
    assert matched([], says(**WORDS), device=other) == ()


def test_a_part_inside_is_never_matched_by_words():
    assert matched([part("Pump 3000", supplier="Example Pumps")], says(**WORDS)) == ()


def test_a_model_number_is_a_name_of_the_device():
    (found,) = matched([], says(**{**WORDS, "product": "Pumps of 2020"}, models=("P-3000",)), device=device(model="P 3000"))
    assert found.status is VexStatus.AFFECTED


@pytest.mark.parametrize(
    ("said", "other", "doubt"),
    [
        ({}, device(version=""), "no version cannot be compared"),
        ({}, device(maker=""), "the device profile names no maker"),
        ({"vendor": ""}, device(), "csaf:CISA names no maker"),
        ({"serials": ("0001",)}, device(), "speaks of certain serial numbers"),
    ],
)
def test_what_is_not_known_of_the_device_leaves_it_open(said: dict[str, object], other: Device, doubt: str):
    (found,) = matched([], says(**{**WORDS, **said}), device=other)
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert any(doubt in text for text in found.against)


BOOKWORM = OperatingSystem(Where("e1", "etc/os-release", line=1), "Debian GNU/Linux", "12", "debian")


def test_a_flaw_on_windows_is_none_on_a_distribution_of_linux_whose_kernel_was_not_seen():
    found = one([OURS, *LINKED, STARTED, BOOKWORM], says(with_=(("cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*",),)))
    assert found.status is VexStatus.NOT_AFFECTED
    assert "the device's system is linux" in found.against[0]


@pytest.mark.parametrize("system", ["redhat:enterprise_linux", "google:android"])
def test_a_kernel_of_linux_is_not_yet_the_system_that_a_flaw_needs_nor_proof_that_it_is_another(system):
    found = one([OURS, *LINKED, STARTED, KERNEL], says(with_=((f"cpe:2.3:o:{system}:-:*:*:*:*:*:*:*",),)))
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert any("which was not seen" in text for text in found.against)


def test_a_flaw_on_android_is_none_on_a_distribution():
    found = one([OURS, *LINKED, STARTED, KERNEL, BOOKWORM], says(with_=(("cpe:2.3:o:google:android:-:*:*:*:*:*:*:*",),)))
    assert found.status is VexStatus.NOT_AFFECTED


def test_a_version_that_the_source_does_not_name_is_told_as_such():
    found = one([OURS, *LINKED, STARTED], says(ranges=(), versions=("-",)))
    assert found.status is VexStatus.UNDER_INVESTIGATION
    assert found.for_[0] == "by its CPE name, 1.5 may be affected: a version that is not named (nvd)"
    assert found.against[0] == "1.5 cannot be compared with a version that is not named"
