"""Fuzz the reader ``update_script``: ``python fuzz/fuzz_update_script.py`` (with atheris), or ``python fuzz/run.py update_script``."""

from harness import file_target, main

from asepsis.evidence.readers.config.update_script import UpdateScriptReader

TestOneInput = file_target(UpdateScriptReader(), "opt/bin/update.sh")
SEEDS = (
    b"#!/bin/sh\nB=http://u.example\nwget -q -O /tmp/u.tgz $B/u.tgz\nopenssl dgst -verify k -signature s /tmp/u.tgz || exit 1\ntar -xzf /tmp/u.tgz\n",
    b"#!/bin/sh\nmount -t vfat /dev/sda1 /mnt/usb\n[ -f /mnt/usb/update.sh ] && sh /mnt/usb/update.sh\n",
    b"#!/bin/sh\napk add --allow-untrusted /tmp/a.apk\n",
)

if __name__ == "__main__":
    main(TestOneInput)
