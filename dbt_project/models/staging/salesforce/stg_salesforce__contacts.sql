-- Salesforce contacts, renamed and cast.
{% set contact = source('salesforce', 'Contact') %}

select
    "Id" as contact_id,
    "AccountId" as account_id,
    {{ optional_column(contact, 'Email', 'text') }} as email,
    "LeadSource" as lead_source,
    "CreatedDate" as created_at,
    {{ is_deleted(contact) }} as is_deleted
from {{ contact }}
