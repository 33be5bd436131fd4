-- Offerings, from the mandate to the proceeds. Quotes are billionths a year by rate, base units for one unit
-- by price; `cover` is what was bid over what was offered, with six places, rounded down.
SELECT
    m.offering_id AS offering,
    m.bond,
    b.isin,
    b.currency,
    m.issuer_account,
    m.conditions.bookrunner AS bookrunner,
    CASE m.conditions.form WHEN 0 THEN 'open' WHEN 1 THEN 'sealed' WHEN 2 THEN 'encrypted' END AS form,
    CASE m.conditions.basis WHEN 0 THEN 'rate' WHEN 1 THEN 'price' END AS basis,
    CASE m.conditions.pricing WHEN 0 THEN 'uniform' WHEN 1 THEN 'multiple' WHEN 2 THEN 'mixed' END AS pricing,
    CASE
        WHEN x.block IS NOT NULL THEN 'cancelled'
        WHEN f.block IS NOT NULL THEN 'failed'
        WHEN r.block IS NOT NULL THEN 'published'
        WHEN c.block IS NOT NULL THEN 'cleared'
        WHEN k.block IS NOT NULL THEN 'closed'
        WHEN o.block IS NOT NULL THEN 'open'
        WHEN a.block IS NOT NULL THEN 'accepted'
        ELSE 'mandated'
    END AS stage,
    m.block AS mandated_block,
    m.time AS mandated_time,
    instant(m.conditions.opens_at) AS opens_time,
    instant(m.conditions.closes_at) AS closes_time,
    coalesce(r.block, f.block, x.block) AS ended_block,
    coalesce(r.time, f.time, x.time) AS ended_time,
    m.conditions.offered AS announced,
    r.offered,
    r.bid,
    r.bidders,
    r.allotted,
    r.take_up,
    CASE WHEN r.offered > 0 THEN ratio(r.bid, r.offered) END AS cover,
    r.bid_multiple,
    r.marginal_quote,
    r.average_quote,
    r.issue_rate,
    amount(r.issue_price, r.issue_price_hex) AS issue_price,
    p.units AS settled_units,
    p.proceeds
FROM offering_offering_mandated AS m
LEFT JOIN bonds AS b ON b.bond = m.bond
LEFT JOIN offering_mandate_accepted AS a ON a.offering_id = m.offering_id
LEFT JOIN offering_book_opened AS o ON o.offering_id = m.offering_id
LEFT JOIN offering_book_closed AS k ON k.offering_id = m.offering_id
LEFT JOIN offering_book_cleared AS c ON c.offering_id = m.offering_id
LEFT JOIN offering_result_published AS r ON r.offering_id = m.offering_id
LEFT JOIN offering_offering_failed AS f ON f.offering_id = m.offering_id
LEFT JOIN offering_offering_cancelled AS x ON x.offering_id = m.offering_id
LEFT JOIN (
    SELECT offering_id, sum(units) AS units, sum(amount(amount, amount_hex)) AS proceeds
    FROM offering_proceeds_paid
    GROUP BY offering_id
) AS p ON p.offering_id = m.offering_id
