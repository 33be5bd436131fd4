-- How concentrated is a bond among members?
--
-- $isin text: ISIN of the bond
-- $block block: last block that counts
--
-- One row a member, largest first: units of all its accounts, their share, and the share of it and all larger
-- ones, in percent, rounded down. Accounts of nobody that was admitted stand alone.
SELECT
    place, member, class, accounts, units,
    ratio(units * 100, in_all) AS percent,
    ratio(units_so_far * 100, in_all) AS percent_so_far
FROM (
    SELECT
        *,
        row_number() OVER (ORDER BY units DESC, member) AS place,
        sum(units) OVER (ORDER BY units DESC, member ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS units_so_far,
        sum(units) OVER () AS in_all
    FROM (
        SELECT
            coalesce(a.lei, p.holder) AS member,
            max(a.class) AS class,
            count(*) AS accounts,
            sum(p.units) AS units
        FROM positions AS p
        JOIN bonds AS b ON b.bond = p.bond AND b.isin = $isin
        LEFT JOIN accounts AS a
            ON a.account = p.holder AND a.from_block <= $block AND (a.to_block IS NULL OR a.to_block > $block)
        WHERE p.from_block <= $block AND (p.to_block IS NULL OR p.to_block > $block) AND p.units > 0
        GROUP BY coalesce(a.lei, p.holder)
    ) AS held
) AS placed
ORDER BY place
