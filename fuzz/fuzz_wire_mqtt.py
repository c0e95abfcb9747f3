"""Fuzz the decoder of MQTT: ``python fuzz/fuzz_wire_mqtt.py`` (with atheris), or ``python fuzz/run.py wire_mqtt``."""

from harness import main
from tests.unit.evidence.wire.decoders.test_mqtt import DIALOGUE, VERSION_5
from wire_harness import decoder_target, seeds

from asepsis.evidence.wire.decoders.mqtt import MqttDecoder

SEEDS = seeds(DIALOGUE, VERSION_5)
TestOneInput = decoder_target(MqttDecoder())

if __name__ == "__main__":
    main(TestOneInput)
