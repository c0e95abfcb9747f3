"""Orders to pumps count as looked for where a capture was read: the rule says itself what it cannot tell."""

from asepsis.evidence.looked_for import looked_for


def test_a_capture_is_where_orders_are_looked_for():
    kinds = {"DoseSign", "DoseDoubt", "OrderSeen", "DoseTraffic"}
    heard = looked_for((), (), members=0, searched=0, unpacked=False, shut={}, captures=("e1",))
    assert {entry.kind for entry in heard if entry.looked} >= kinds
    without = looked_for((), (), members=0, searched=0, unpacked=False, shut={})
    assert {entry.reason for entry in without if entry.kind in kinds} == {"needs a network capture: none was given"}
