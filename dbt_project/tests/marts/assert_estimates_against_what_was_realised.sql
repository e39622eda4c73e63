-- The back-test of the estimate: cohorts old enough that nearly all has closed, estimated against realised. Only warns,
-- since a company may sell otherwise than the estimate assumes; read the rows to see by how much.
{{ config(severity='warn') }}

select campaign_id, touch_month, estimated_iacv, realised_iacv
from {{ ref('rpt_conversion') }}
where
    median_conversion_days is not null
    and {{ as_of() }} - {{ last_day_of_month('touch_month') }} >= 4 * median_conversion_days
    and abs(estimated_iacv - realised_iacv) > realised_iacv
