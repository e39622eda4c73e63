-- Salesforce campaign members, renamed and cast.
{% set campaign_member = source('salesforce', 'CampaignMember') %}

select
    "Id" as campaign_member_id,
    "CampaignId" as campaign_id,
    "LeadId" as lead_id,
    "ContactId" as contact_id,
    "Status" as status,
    "HasResponded" as has_responded,
    "FirstRespondedDate" as first_responded_on,
    "CreatedDate" as created_at,
    {{ is_deleted(campaign_member) }} as is_deleted
from {{ campaign_member }}
