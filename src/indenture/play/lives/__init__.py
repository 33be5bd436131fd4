"""Lives: a bond of each kind, from its registration to its last payment."""
