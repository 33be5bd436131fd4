-- Which events did holders have, and what came of them?
--
-- $isin text?: ISIN of a bond; all unless given
--
-- One row a put, tender, exchange, drawing, resolution or acceleration: who opened it, until when, units
-- elected or drawn, taken and paid, and the residue. A resolution or an acceleration takes no
-- units: they carry it, and are free again.
SELECT
    isin, number, kind, code, opened_time, opened_by, closes_time, pay_time, elected, funded_units, funded, taken, paid,
    residue, document
FROM actions
WHERE $isin IS NULL OR isin = $isin
ORDER BY opened_block, isin, number
