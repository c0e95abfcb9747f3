"""Read traffic: from the bytes of a capture, or of a live stream, to what devices said to each other and the facts that this shows.

A capture passes four layers, each of which knows only the one before: records of a file (:mod:`.capture`), packets (:mod:`.link`, :mod:`.internet`),
conversations in order (:mod:`.tcp`, :mod:`.conversations`), and messages (:mod:`.decoders`). What is said becomes facts in :mod:`.observers`.
Everything is streaming: nothing grows with the length of a capture.
"""
