"""Recorded radio traffic: from the bytes of a log or a sniffer's capture to frames, links, what was said on them, and to facts.

Each layer knows only the one below: ``formats`` and ``capture`` (bytes to frames) · ``host``, ``air`` (frames to links and events; ``l2cap`` puts
together what is said on a link) · ``security`` (pairing and encryption) · ``observers`` (events to facts) · ``look``, ``child``. Where to begin:
:mod:`.frame`, :mod:`.events` and :mod:`.observer` are the contract.
"""
