-- Which payments were late, or are?
--
-- $block block: last block that counts
--
-- One row a payment that was funded a day or more after its payment time, with the penalty that it cost, or
-- that is not funded yet though a day has passed. A payment of which the terms ask nothing is not missed:
-- those that are deferred, capitalised, or of a zero-coupon bond before its end are left out.
SELECT
    d.isin, d.period, d.pay_day, d.pay_time,
    CASE WHEN p.funded_block <= $block THEN p.funded_time END AS funded_time,
    CASE WHEN p.funded_block <= $block THEN 'funded late' WHEN m.block <= $block THEN 'made due' ELSE 'not funded' END
        AS state,
    whole_days(d.pay_time, CASE WHEN p.funded_block <= $block THEN p.funded_time ELSE n.time END) AS days_late,
    CASE WHEN p.funded_block <= $block THEN p.penalty END AS penalty,
    d.units
FROM record_dates AS d
JOIN bonds AS b ON b.bond = d.bond
CROSS JOIN (SELECT instant(max(time)) AS time FROM block WHERE number <= $block) AS n
LEFT JOIN payments AS p ON p.bond = d.bond AND p.period = d.period
LEFT JOIN servicing_bond_made_due AS m ON m.bond = d.bond
LEFT JOIN servicing_interest_deferred AS f ON f.bond = d.bond AND f.period = d.period
WHERE d.from_block <= $block AND (d.to_block IS NULL OR d.to_block > $block)
    AND d.passed_block <= $block AND d.units > 0
    AND whole_days(d.pay_time, CASE WHEN p.funded_block <= $block THEN p.funded_time ELSE n.time END) >= 1
    AND (
        p.funded_block <= $block
        OR (
            f.block IS NULL AND d.period > b.capitalised_until
            AND (b.coupon <> 'zero' OR d.period = b.periods)
        )
    )
ORDER BY d.pay_time, d.isin, d.period
