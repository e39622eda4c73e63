-- Companies of all sources, in the common data model.
select
    account_id,
    'salesforce' as source,
    name,
    created_at,
    is_deleted,
    {{ domain_of('website') }} as domain,
    type,
    industry,
    employees,
    country,
    parent_account_id,
    owner_id,
    cast(null as text) as crm_account_id
from {{ ref('stg_salesforce__accounts') }}
