-- Values of benchmarks as they were published, corrections after what they corrected; in billionths.
SELECT code, civil_day(day) AS day, value, instant(final_at) AS final_time, amount(index, index_hex) AS index_value,
    is_correction, block, log_index, time
FROM benchmarks_value_published
