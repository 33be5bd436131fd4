-- Every call that made the Servicing pay out: a batch of holders or buyers, an event of holders, a
-- collection.
SELECT block, log_index, time, bond, 'payment' AS kind, period AS number, amount(amount, amount_hex) AS amount, actor
FROM servicing_holders_paid
UNION ALL
SELECT block, log_index, time, bond, 'claim', period, amount(amount, amount_hex), actor FROM servicing_claims_paid
UNION ALL
SELECT block, log_index, time, bond, 'redemption', action, amount(amount, amount_hex), actor
FROM servicing_action_settled
UNION ALL
SELECT block, log_index, time, bond, 'collection', NULL, amount(amount, amount_hex), actor
FROM servicing_amount_collected
