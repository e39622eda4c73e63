-- Two ways to the same figure: spend / customers, and spend / leads x leads / customers.
select channel, period_start, cac, spend / leads * (leads / new_customers) as by_lead
from {{ ref('rpt_channel_economics') }}
where
    leads > 0
    and new_customers > 0
    and abs(cac - spend / leads * (leads / new_customers)) > 0.000001 * greatest(1, abs(cac))
