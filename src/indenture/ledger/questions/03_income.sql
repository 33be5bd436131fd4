-- What did an account receive from bonds, and what tax was withheld?
--
-- $account text: address of the account
--
-- One row a payout, in order: what was due before tax, the interest that was taxed, the tax, what was sent,
-- and what was kept in the escrow under its name. A collection pays out what had been kept: do not add it to
-- what was due.
SELECT time, isin, kind, number, due, taxable, tax, sent, kept, currency, block
FROM payouts
WHERE account = lower($account)
ORDER BY block, log_index, kind
