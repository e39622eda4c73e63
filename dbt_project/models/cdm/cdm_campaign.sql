-- Campaigns of all sources, in the common data model.
select
    campaign_id,
    'salesforce' as source,
    name,
    type as channel,
    type,
    start_date,
    end_date,
    is_deleted,
    cast(null as text) as crm_campaign_id
from {{ ref('stg_salesforce__campaigns') }}
