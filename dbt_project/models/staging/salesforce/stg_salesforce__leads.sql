-- Salesforce leads, renamed and cast.
{% set lead = source('salesforce', 'Lead') %}

select
    "Id" as lead_id,
    "ConvertedContactId" as converted_contact_id,
    "ConvertedAccountId" as converted_account_id,
    "ConvertedOpportunityId" as converted_opportunity_id,
    {{ optional_column(lead, 'Email', 'text') }} as email,
    "Company" as company,
    "LeadSource" as lead_source,
    "Status" as status,
    "ConvertedDate" as converted_on,
    "CreatedDate" as created_at,
    {{ is_deleted(lead) }} as is_deleted
from {{ lead }}
