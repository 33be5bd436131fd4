-- What holders elected in events, took back, or had given back to them, and what was drawn from them.
SELECT bond, action, holder, 'elected' AS kind, units, block, log_index, time FROM servicing_units_elected
UNION ALL
SELECT bond, action, holder, 'withdrawn', units, block, log_index, time FROM servicing_election_withdrawn
UNION ALL
SELECT bond, action, holder, 'released', units, block, log_index, time FROM servicing_election_released
UNION ALL
SELECT bond, action, holder, 'annulled', units, block, log_index, time FROM servicing_election_annulled
UNION ALL
SELECT bond, action, element_at(holders, place), 'drawn', element_at(drawn, place), block, log_index, time
FROM (
    SELECT bond, action, holders, drawn, explode(sequence(1, cardinality(holders))) AS place, block, log_index, time
    FROM servicing_units_drawn
    WHERE cardinality(holders) > 0
) AS d
WHERE element_at(drawn, place) <> 0
