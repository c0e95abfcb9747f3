"""Products that were recognised by a package's name have a name in the NVD."""

from __future__ import annotations

import pytest

from asepsis.knowledge.load import load


@pytest.mark.parametrize(
    ("product", "name"),
    [
        ("openssl", "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*"),
        ("openssh", "cpe:2.3:a:openbsd:openssh:*:*:*:*:*:*:*:*"),
        ("linux", "cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*"),
        ("busybox", "cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*"),
        ("no-such-product", ""),
        ("", ""),
    ],
)
def test_a_product_has_the_name_that_the_nvd_gives_it(product: str, name: str):
    assert load().cpe_of_product(product) == name
