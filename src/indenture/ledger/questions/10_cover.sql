-- How well were offerings covered?
--
-- $isin text?: ISIN of a bond; all unless given
--
-- One row an offering that was published, failed or was cancelled: units offered, bid, allotted and taken up
-- by underwriters, and what was bid over what was offered, with six places, rounded down. Quotes are
-- billionths a year by rate, base units for one unit by price.
SELECT
    offering, isin, form, pricing, basis, stage, ended_time, announced, offered, bidders, bid, cover, allotted, take_up,
    marginal_quote, average_quote, settled_units, proceeds, currency
FROM offerings
WHERE ended_block IS NOT NULL AND ($isin IS NULL OR isin = $isin)
ORDER BY offering
