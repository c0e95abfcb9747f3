"""What is done with attributes.

It is counted (``counts``), put to the tables that were discovered (``tables``), commands go with their answers (``commands``), and all is told as
facts (``facts``). :mod:`asepsis.evidence.radio.observers.attributes` listens and hands on.
"""
