"""Fuzz the reader ``docker_daemon``: ``python fuzz/fuzz_docker_daemon.py`` (with atheris), or ``python fuzz/run.py docker_daemon``."""

from harness import file_target, main

from asepsis.evidence.readers.config.docker_daemon import DockerDaemonReader

TestOneInput = file_target(DockerDaemonReader())

if __name__ == "__main__":
    main(TestOneInput)
