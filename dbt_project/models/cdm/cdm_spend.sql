-- Marketing spend of all sources. Deleted campaigns keep theirs: the money is gone all the same.
select
    campaign_id as spend_id,
    'salesforce' as source,
    coalesce(start_date, {{ day('created_at') }}) as spent_on,
    actual_cost as amount,
    campaign_id,
    type as channel,
    'program' as kind
from {{ ref('stg_salesforce__campaigns') }}
where actual_cost <> 0
