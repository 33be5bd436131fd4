-- Who stands behind an offering: who was invited with which commitment, who joined, and what each took up.
SELECT
    i.offering,
    i.underwriter,
    i.class,
    i.commitment,
    j.block IS NOT NULL AS has_joined,
    j.time AS joined_time,
    coalesce(t.units, 0) AS taken_up,
    d.time AS discharged_time
FROM (
    SELECT
        offering_id AS offering, underwriter, class, commitment,
        row_number() OVER (PARTITION BY offering_id, underwriter ORDER BY block DESC, log_index DESC) AS back
    FROM offering_underwriter_invited
) AS i
LEFT JOIN offering_syndicate_joined AS j ON j.offering_id = i.offering AND j.underwriter = i.underwriter
LEFT JOIN offering_underwriter_discharged AS d ON d.offering_id = i.offering AND d.underwriter = i.underwriter
LEFT JOIN (
    SELECT offering_id, underwriter, sum(units) AS units FROM offering_rest_taken_up GROUP BY offering_id, underwriter
) AS t ON t.offering_id = i.offering AND t.underwriter = i.underwriter
WHERE i.back = 1
