-- Salesforce opportunities, renamed and cast.
{% set opportunity = source('salesforce', 'Opportunity') %}

select
    "Id" as opportunity_id,
    "AccountId" as account_id,
    "OwnerId" as owner_id,
    "CampaignId" as primary_campaign_id,
    "Name" as name,
    "StageName" as stage,
    "Type" as type,
    "Opportunity_Source__c" as opportunity_source,
    cast("Amount" as numeric) as amount,
    cast("IACV__c" as numeric) as iacv,
    {{ optional_column(opportunity, 'CurrencyIsoCode', 'text') }} as currency,
    "Sales_Accepted_Date__c" as sales_accepted_at,
    "CloseDate" as close_date,
    "CreatedDate" as created_at,
    "IsWon" as is_won,
    "IsClosed" as is_closed,
    {{ is_deleted(opportunity) }} as is_deleted
from {{ opportunity }}
