-- Which accounts were admitted, for whom, and with which roles?
--
-- $block block: last block that counts
-- $role text?: a role, such as bookrunner; all unless given
--
-- One row an account, with its standing and the standing of its member; what was removed is shown as removed.
SELECT
    a.lei, m.class AS member_class, m.jurisdiction, m.is_suspended, a.account, a.class, a.role_names AS roles,
    a.standing, a.valid_until, a.from_time AS since
FROM accounts AS a
LEFT JOIN members AS m ON m.lei = a.lei AND m.from_block <= $block AND (m.to_block IS NULL OR m.to_block > $block)
WHERE a.from_block <= $block AND (a.to_block IS NULL OR a.to_block > $block)
    AND ($role IS NULL OR ', ' || a.role_names || ', ' LIKE '%, ' || $role || ', %')
ORDER BY a.lei, a.account
