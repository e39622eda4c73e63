-- Which campaign each campaign record stands for, with that campaign's name and channel: the Salesforce campaign
-- it names, if that exists, else itself. Deleted campaigns keep their spend and touches, so they are here too.
with campaigns as (

    select * from {{ ref('cdm_campaign') }}

)

select
    records.campaign_id as record_id,
    coalesce(crm.campaign_id, records.campaign_id) as campaign_id,
    case when crm.campaign_id is null then records.name else crm.name end as campaign_name,
    case when crm.campaign_id is null then records.channel else crm.channel end as channel
from campaigns as records
left join campaigns as crm
    on records.crm_campaign_id = crm.campaign_id
    and records.source <> 'salesforce'
    and crm.source = 'salesforce'
