-- Acts of people of all sources, in the common data model.
select
    campaign_member_id as touch_id,
    'salesforce' as source,
    coalesce(contact_id, lead_id) as person_id,
    campaign_id,
    coalesce({{ start_of_day('first_responded_on') }}, created_at) as touched_at,
    status as kind,
    cast(null as text) as asset
from {{ ref('stg_salesforce__campaign_members') }}
where not is_deleted
