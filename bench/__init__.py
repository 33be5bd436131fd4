"""What the suite costs: gas by receipts, work by the clock.

``make bench`` prints both beside targets and peers; ``tests/gas`` holds the gas of the same scenarios against
``snapshots/gas.json``.
"""
