"""Fuzz the reader ``ldap_client``: ``python fuzz/fuzz_ldap_client.py`` (with atheris), or ``python fuzz/run.py ldap_client``."""

from harness import file_target, main

from asepsis.evidence.readers.network.ldap_client import LdapClientReader

TestOneInput = file_target(LdapClientReader())

if __name__ == "__main__":
    main(TestOneInput)
