"""Fuzz the reader ``mqtt_broker``: ``python fuzz/fuzz_mqtt_broker.py`` (with atheris), or ``python fuzz/run.py mqtt_broker``."""

from harness import file_target, main

from asepsis.evidence.readers.config.mqtt_broker import MqttBrokerReader

TestOneInput = file_target(MqttBrokerReader())

if __name__ == "__main__":
    main(TestOneInput)
