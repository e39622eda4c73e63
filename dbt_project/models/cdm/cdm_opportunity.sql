-- Deals of all sources, in the common data model.
select
    opportunity_id,
    'salesforce' as source,
    account_id,
    name,
    stage,
    created_at,
    close_date,
    is_won,
    is_closed,
    is_deleted,
    iacv,
    {{ day('sales_accepted_at') }} as sales_accepted_at,
    opportunity_source,
    type,
    amount,
    owner_id,
    primary_campaign_id,
    currency
from {{ ref('stg_salesforce__opportunities') }}
