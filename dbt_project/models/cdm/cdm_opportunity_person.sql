-- Who takes part in a deal: a contact may play several roles in one, and is primary if one of them is.
select
    opportunity_id,
    contact_id as person_id,
    bool_or(is_primary) as is_primary
from {{ ref('stg_salesforce__opportunity_contact_roles') }}
where not is_deleted
group by opportunity_id, contact_id
