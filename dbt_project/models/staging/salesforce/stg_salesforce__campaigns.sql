-- Salesforce campaigns, renamed and cast.
{% set campaign = source('salesforce', 'Campaign') %}

select
    "Id" as campaign_id,
    "ParentId" as parent_campaign_id,
    "Name" as name,
    "Type" as type,
    "Status" as status,
    cast("ActualCost" as numeric) as actual_cost,
    "StartDate" as start_date,
    "EndDate" as end_date,
    "CreatedDate" as created_at,
    {{ is_deleted(campaign) }} as is_deleted
from {{ campaign }}
