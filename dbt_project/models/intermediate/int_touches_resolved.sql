-- Touches of the people and campaigns they stand for. Those of unknown or deleted people exist for no report.
with touches as (

    select * from {{ ref('cdm_touch') }}

),

records as (

    select record_id, person_id from {{ ref('int_person_records_resolved') }}

),

persons as (

    select * from {{ ref('int_persons_resolved') }} where not is_deleted

),

campaigns as (

    select * from {{ ref('int_campaigns_resolved') }}

)

select
    touches.touch_id,
    persons.person_id,
    persons.account_id,
    persons.created_at as person_created_at,
    -- A campaign nobody knows stays what it is called.
    coalesce(campaigns.campaign_id, touches.campaign_id) as campaign_id,
    campaigns.campaign_name,
    coalesce(campaigns.channel, 'unattributed') as channel,
    touches.touched_at,
    {{ day('touches.touched_at') }} as touched_on,
    touches.asset
from touches
inner join records
    on touches.person_id = records.record_id
inner join persons
    on records.person_id = persons.person_id
left join campaigns
    on touches.campaign_id = campaigns.record_id
