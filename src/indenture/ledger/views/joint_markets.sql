-- Markets that are several together: a day works where all of them work.
SELECT market, concat_ws(', ', parts) AS parts, block, time FROM business_calendar_markets_joined
