-- Salesforce accounts, renamed and cast.
{% set account = source('salesforce', 'Account') %}

select
    "Id" as account_id,
    "ParentId" as parent_account_id,
    "OwnerId" as owner_id,
    "Name" as name,
    "Website" as website,
    "Type" as type,
    "Industry" as industry,
    cast("NumberOfEmployees" as bigint) as employees,
    "BillingCountry" as country,
    "CreatedDate" as created_at,
    {{ is_deleted(account) }} as is_deleted
from {{ account }}
