-- What each account was due, and got, by each batch that the Servicing paid.
--
-- `kind` is payment, recovery, claim (a payment bought along), redemption (an event of holders), collection
-- (what had been kept before) or tax (what was withheld from others). `due` is before tax; `kept` stays in
-- the escrow under the account's name until it is collected.
SELECT
    l.bond,
    b.isin,
    b.currency,
    CASE
        -- The tax that a batch withheld is the last thing that it sends.
        WHEN l.account = b.tax_account AND l.place = l.last_place AND l.withheld > 0 THEN 'tax'
        WHEN l.kind = 'payment' AND r.bond IS NOT NULL THEN 'recovery'
        ELSE l.kind
    END AS kind,
    l.number,
    l.account,
    sum(l.sent + l.kept + l.tax) AS due,
    sum(l.taxable) AS taxable,
    sum(l.tax) AS tax,
    sum(l.sent) AS sent,
    sum(l.kept) AS kept,
    l.block,
    l.batch AS log_index,
    l.time
FROM payout_lines AS l
LEFT JOIN bonds AS b ON b.bond = l.bond
LEFT JOIN servicing_recovery_funded AS r ON r.bond = l.bond AND r.record = l.number
GROUP BY 1, 2, 3, 4, 5, 6, 12, 13, 14
