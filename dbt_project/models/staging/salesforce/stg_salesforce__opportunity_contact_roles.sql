-- Salesforce opportunity contact roles, renamed and cast.
{% set opportunity_contact_role = source('salesforce', 'OpportunityContactRole') %}

select
    "Id" as opportunity_contact_role_id,
    "OpportunityId" as opportunity_id,
    "ContactId" as contact_id,
    "Role" as role,
    "IsPrimary" as is_primary,
    "CreatedDate" as created_at,
    {{ is_deleted(opportunity_contact_role) }} as is_deleted
from {{ opportunity_contact_role }}
