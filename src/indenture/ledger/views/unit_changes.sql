-- What each movement of units changed, one row for each side that is a holder.
SELECT contract AS bond, to_ AS holder, block, log_index, time, amount(value, value_hex) AS units
FROM bond_transfer
WHERE to_ <> nobody()
UNION ALL
SELECT contract, from_, block, log_index, time, -amount(value, value_hex)
FROM bond_transfer
WHERE from_ <> nobody()
