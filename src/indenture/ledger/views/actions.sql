-- Events of holders: puts, tenders, exchanges, drawings, resolutions, accelerations, and what they came to.
SELECT
    o.bond,
    b.isin,
    b.currency,
    o.number,
    CASE o.action.kind
        WHEN 0 THEN 'put' WHEN 1 THEN 'tender' WHEN 2 THEN 'exchange'
        WHEN 3 THEN 'drawing' WHEN 4 THEN 'resolution' WHEN 5 THEN 'acceleration'
    END AS kind,
    o.code,
    o.block AS opened_block,
    o.time AS opened_time,
    o.actor AS opened_by,
    instant(o.action.opens_at) AS opens_time,
    instant(o.action.closes_at) AS closes_time,
    CASE WHEN o.action.pay_time <> 0 THEN instant(o.action.pay_time) END AS pay_time,
    o.action.most AS most,
    o.action.price AS price,
    amount(o.action.amount, o.action.amount_hex) AS amount,
    o.action.document AS document,
    coalesce(e.elected, 0) AS elected,
    f.units AS funded_units,
    f.funded,
    f.time AS funded_time,
    coalesce(s.taken, 0) AS taken,
    coalesce(s.paid, 0) AS paid,
    c.time AS completed_time,
    c.residue
FROM servicing_action_opened AS o
LEFT JOIN bonds AS b ON b.bond = o.bond
LEFT JOIN (
    SELECT bond, action, sum(units) AS elected
    FROM (
        SELECT bond, action, units FROM servicing_units_elected
        UNION ALL
        SELECT bond, action, -units FROM servicing_election_withdrawn
        UNION ALL
        SELECT bond, action, -units FROM servicing_election_released
        UNION ALL
        SELECT bond, action, -units FROM servicing_election_annulled
        UNION ALL
        SELECT bond, action, explode(drawn) FROM servicing_units_drawn
    ) AS elections
    GROUP BY bond, action
) AS e ON e.bond = o.bond AND e.action = o.number
LEFT JOIN (
    SELECT bond, action, units, time,
        amount(interest, interest_hex) + amount(principal, principal_hex) + amount(penalty, penalty_hex) AS funded
    FROM servicing_action_funded
) AS f ON f.bond = o.bond AND f.action = o.number
LEFT JOIN (
    SELECT bond, action, sum(taken) AS taken, sum(amount(amount, amount_hex)) AS paid
    FROM servicing_action_settled
    GROUP BY bond, action
) AS s ON s.bond = o.bond AND s.action = o.number
LEFT JOIN (
    SELECT bond, action, time, amount(residue, residue_hex) AS residue FROM servicing_action_completed
) AS c ON c.bond = o.bond AND c.action = o.number
