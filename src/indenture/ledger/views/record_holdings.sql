-- Who held how many units at each record date: what had moved before the register noticed that it had passed.
SELECT r.contract AS bond, r.period, c.holder, sum(c.units) AS units
FROM bond_record_passed AS r
JOIN unit_changes AS c
    ON c.bond = r.contract AND (c.block < r.block OR (c.block = r.block AND c.log_index < r.log_index))
GROUP BY r.contract, r.period, c.holder
HAVING sum(c.units) <> 0
