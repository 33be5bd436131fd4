-- What stands in the book of an offering for each bidder, in force from one block until the next: a seal, or
-- opened bids with the units of all of them. It ends when the bidder takes it back, pays, lapses or is let go.
SELECT
    offering, bidder, state, commitment, quotes, units, from_block, from_log_index, from_time, to_block, to_time
FROM (
    SELECT
        offering, bidder, state, commitment, quotes, units,
        block AS from_block,
        log_index AS from_log_index,
        time AS from_time,
        lead(block) OVER entry AS to_block,
        lead(time) OVER entry AS to_time
    FROM (
        SELECT
            offering_id AS offering, bidder, 'sealed' AS state, commitment, 0 AS quotes, 0 AS units, block, log_index,
            time
        FROM offering_bid_sealed
        UNION ALL
        SELECT o.offering_id, o.bidder, 'opened', NULL, b.quotes, b.units, o.block, o.log_index, o.time
        FROM offering_bids_opened AS o
        LEFT JOIN (
            SELECT block, log_index, count(*) AS quotes, sum(units) AS units FROM bids GROUP BY block, log_index
        ) AS b ON b.block = o.block AND b.log_index = o.log_index
        UNION ALL
        SELECT offering_id, bidder, NULL, NULL, 0, 0, block, log_index, time
        FROM (
            SELECT offering_id, bidder, block, log_index, time FROM offering_bid_withdrawn
            UNION ALL
            SELECT offering_id, bidder, block, log_index, time FROM offering_winner_settled
            UNION ALL
            SELECT offering_id, bidder, block, log_index, time FROM offering_winner_lapsed
            UNION ALL
            SELECT offering_id, bidder, block, log_index, time FROM offering_bid_ended
        ) AS ended
    ) AS told
    WINDOW entry AS (PARTITION BY offering, bidder ORDER BY block, log_index)
) AS running
WHERE state IS NOT NULL AND (to_block IS NULL OR to_block <> from_block)
