-- Payments that were sold along with units: handed on before they were paid, or settled with the price after.
SELECT bond, period, 'handed on' AS kind, seller, buyer, units, NULL AS amount, block, log_index, time
FROM servicing_claim_transferred
UNION ALL
SELECT bond, period, 'settled', seller, buyer, units, amount(amount, amount_hex), block, log_index, time
FROM servicing_claim_settled
