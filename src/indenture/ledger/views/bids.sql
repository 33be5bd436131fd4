-- Bids as they were opened, one row a quote; without a quote they are non-competitive.
SELECT
    offering,
    bidder,
    bid.account AS account,
    CASE WHEN bid.quote <> 18446744073709551615 THEN bid.quote END AS quote,
    bid.units AS units,
    block,
    log_index,
    time
FROM (
    SELECT offering_id AS offering, bidder, explode(bids) AS bid, block, log_index, time FROM offering_bids_opened
) AS opened
