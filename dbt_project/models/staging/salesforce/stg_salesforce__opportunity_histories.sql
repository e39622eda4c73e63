-- Salesforce opportunity history, renamed and cast.
{% set opportunity_history = source('salesforce', 'OpportunityHistory') %}

select
    "Id" as opportunity_history_id,
    "OpportunityId" as opportunity_id,
    "StageName" as stage,
    cast("Amount" as numeric) as amount,
    cast("Probability" as numeric) as probability,
    "ForecastCategory" as forecast_category,
    "CloseDate" as close_date,
    "CreatedDate" as created_at,
    {{ is_deleted(opportunity_history) }} as is_deleted
from {{ opportunity_history }}
