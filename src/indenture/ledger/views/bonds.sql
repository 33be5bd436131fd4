-- Bonds, as they were registered; the coupon is the one that an offering fixed, where it did.
SELECT
    r.bond,
    r.isin,
    r.terms.name AS name,
    r.issuer,
    r.terms.issuer_account AS issuer_account,
    r.terms.currency AS cash,
    substr(c.name, 11) AS currency,
    amount(r.terms.face_value, r.terms.face_value_hex) AS face_value,
    r.terms.units AS authorised,
    r.terms.minimum_units AS minimum_units,
    r.terms.eligible AS eligible,
    CASE r.terms.kind
        WHEN 0 THEN 'fixed' WHEN 1 THEN 'step' WHEN 2 THEN 'zero'
        WHEN 3 THEN 'floating' WHEN 4 THEN 'inflation' WHEN 5 THEN 'kpi'
    END AS coupon,
    CASE
        WHEN f.rate IS NOT NULL THEN f.rate
        WHEN r.terms.coupon_rate <> 4294967295 THEN r.terms.coupon_rate
    END AS rate,
    civil_day(r.terms.schedule.issue_day) AS issue_day,
    civil_day(r.terms.schedule.maturity_day) AS maturity_day,
    r.terms.schedule.periods AS periods,
    r.provisions.capitalised_until AS capitalised_until,
    CASE WHEN r.provisions.tax_account <> nobody() THEN r.provisions.tax_account END AS tax_account,
    r.block AS registered_block,
    r.time AS registered_time
FROM bond_factory_bond_registered AS r
LEFT JOIN contract AS c ON c.address = r.terms.currency
LEFT JOIN bond_coupon_fixed AS f ON f.contract = r.bond
