-- Which account each account record stands for: the Salesforce account it names, if that exists, else itself.
with accounts as (

    select * from {{ ref('cdm_account') }}

)

select
    records.account_id as record_id,
    coalesce(crm.account_id, records.account_id) as account_id
from accounts as records
left join accounts as crm
    on records.crm_account_id = crm.account_id
    and records.source <> 'salesforce'
    and crm.source = 'salesforce'
