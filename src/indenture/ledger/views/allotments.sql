-- What became of who had won, or stood behind the issue.
SELECT offering_id AS offering, bidder AS account, 'settled' AS outcome, units, amount(amount, amount_hex) AS amount,
    block, log_index, time
FROM offering_winner_settled
UNION ALL
SELECT offering_id, bidder, 'lapsed', units, 0, block, log_index, time FROM offering_winner_lapsed
UNION ALL
SELECT offering_id, underwriter, 'taken up', units, amount(amount, amount_hex), block, log_index, time
FROM offering_rest_taken_up
