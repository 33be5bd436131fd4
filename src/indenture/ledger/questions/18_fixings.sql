-- At which rates were the periods of a bond fixed, and where did they come from?
--
-- $isin text: ISIN of the bond
--
-- One row a period: the rate in billionths a year, the published value and its day or what stood for it, the
-- index ratio in billionths, factor and arrears with 1e18 for the face. A bond with a fixed coupon has none.
SELECT period, rate, source, value, day, index_ratio, factor, arrears, is_deferred, time, actor
FROM fixings
WHERE isin = $isin
ORDER BY block, log_index
