"""Fuzz the reader ``redis``: ``python fuzz/fuzz_redis.py`` (with atheris), or ``python fuzz/run.py redis``."""

from harness import file_target, main

from asepsis.evidence.readers.config.redis import RedisReader

TestOneInput = file_target(RedisReader())

if __name__ == "__main__":
    main(TestOneInput)
