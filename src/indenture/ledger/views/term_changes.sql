-- What moved the end of a bond or changed its terms; `day` is the new end where it is not a day of the
-- schedule.
SELECT t.bond, b.isin, t.kind, t.period, t.day, t.price, t.actor, t.document, t.block, t.log_index, t.time
FROM (
    SELECT bond, 'called' AS kind, last AS period, civil_day(day) AS day, price, actor, document, block, log_index, time
    FROM servicing_bond_called
    UNION ALL
    SELECT bond, 'called in part', period, NULL, price, actor, NULL, block, log_index, time
    FROM servicing_bond_called_in_part
    UNION ALL
    SELECT bond, 'extended', last, NULL, NULL, actor, NULL, block, log_index, time FROM servicing_maturity_extended
    UNION ALL
    SELECT bond, 'renewed', last_period, NULL, NULL, actor, NULL, block, log_index, time FROM servicing_bond_renewed
    UNION ALL
    SELECT p.bond, 'new terms', e.from_, NULL, NULL, e.actor, p.amendment.resolution, e.block, e.log_index, e.time
    FROM servicing_terms_enacted AS e
    JOIN servicing_terms_proposed AS p ON p.bond = e.bond AND p.action = e.action
    UNION ALL
    SELECT bond, 'made due', period, civil_day(day), NULL, actor, NULL, block, log_index, time
    FROM servicing_bond_made_due
    UNION ALL
    SELECT contract, 'redeemed', period, NULL, NULL, NULL, NULL, block, log_index, time FROM bond_bond_redeemed
) AS t
LEFT JOIN bonds AS b ON b.bond = t.bond
