-- Which trades were settled on a day, and at which prices?
--
-- $day day: the day, UTC
-- $isin text?: ISIN of a bond; all unless given
--
-- One row a trade, in order; the price is what was paid for one unit, in base units with six places, rounded
-- down. Of a trade at a clean price the parts are shown: the agreed amount and what had accrued.
SELECT time, isin, seller, buyer, units, amount, currency, price, clean_amount, accrued, id
FROM trades
WHERE CAST(time AS DATE) = CAST($day AS DATE) AND ($isin IS NULL OR isin = $isin)
ORDER BY block, log_index
