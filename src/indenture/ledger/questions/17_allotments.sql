-- Who bid in an offering, who won, and what was paid?
--
-- $offering number: number of the offering
--
-- One row a bidder or underwriter: units of its opened bids with their lowest and highest quotes, and what
-- became of what it won. Who stands without an outcome won nothing, or waits to be settled.
SELECT
    coalesce(b.account, w.account) AS account,
    b.bids,
    b.units AS bid_units,
    b.lowest,
    b.highest,
    w.outcome,
    w.units,
    w.amount,
    w.time
FROM (
    SELECT bidder AS account, count(*) AS bids, sum(units) AS units, min(quote) AS lowest, max(quote) AS highest
    FROM bids
    WHERE offering = $offering
    GROUP BY bidder
) AS b
FULL JOIN (SELECT * FROM allotments WHERE offering = $offering) AS w ON w.account = b.account
ORDER BY coalesce(w.units, 0) DESC, coalesce(b.units, 0) DESC, account, outcome
