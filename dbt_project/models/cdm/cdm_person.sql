-- Leads and contacts of all sources, in the common data model.
select
    lead_id as person_id,
    'salesforce' as source,
    'lead' as kind,
    created_at,
    is_deleted,
    email,
    company,
    lead_source,
    status,
    cast(null as text) as account_id,
    {{ start_of_day('converted_on') }} as converted_at,
    converted_contact_id,
    converted_account_id,
    converted_opportunity_id,
    cast(null as text) as crm_person_id
from {{ ref('stg_salesforce__leads') }}

union all

select
    contact_id as person_id,
    'salesforce' as source,
    'contact' as kind,
    created_at,
    is_deleted,
    email,
    cast(null as text) as company,
    lead_source,
    cast(null as text) as status,
    account_id,
    cast(null as timestamptz) as converted_at,
    cast(null as text) as converted_contact_id,
    cast(null as text) as converted_account_id,
    cast(null as text) as converted_opportunity_id,
    cast(null as text) as crm_person_id
from {{ ref('stg_salesforce__contacts') }}
