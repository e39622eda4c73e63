-- Which person each record of a person belongs to. The records of one person share their anchor: a Salesforce
-- contact, or a lead that did not become one; a record of another source names its Salesforce record or, only if
-- it names none that exists, shares an e-mail with it. An e-mail never joins two Salesforce records.
with records as (

    select
        person_id as record_id,
        source,
        kind,
        created_at,
        is_deleted,
        nullif({{ normalised('email') }}, '') as email,
        coalesce(account_id, converted_account_id) as account_id,
        converted_contact_id,
        crm_person_id,
        case
            when source = 'salesforce' and kind = 'contact' then 1
            when source = 'salesforce' then 2
            else 3
        end as rank_of_kind
    from {{ ref('cdm_person') }}

),

salesforce as (

    select
        sf.record_id,
        sf.email,
        coalesce(contacts.record_id, sf.record_id) as anchor_id,
        row_number() over (
            partition by sf.email
            order by sf.rank_of_kind, sf.is_deleted, sf.created_at, {{ by_bytes('sf.record_id') }}
        ) as email_rank
    from records as sf
    left join records as contacts
        on sf.converted_contact_id = contacts.record_id
        and sf.kind = 'lead'
        and contacts.rank_of_kind = 1
    where sf.source = 'salesforce'

),

anchored as (

    select
        records.*,
        coalesce(own.anchor_id, named.anchor_id, mailed.anchor_id, records.record_id) as anchor_id
    from records
    left join salesforce as own
        on records.record_id = own.record_id
    left join salesforce as named
        on records.crm_person_id = named.record_id
        and records.source <> 'salesforce'
    left join salesforce as mailed
        on records.email = mailed.email
        and mailed.email_rank = 1
        and records.source <> 'salesforce'
        and named.record_id is null

)

select
    record_id,
    first_value(record_id) over (
        partition by anchor_id
        order by rank_of_kind, is_deleted, created_at, {{ by_bytes('record_id') }}
    ) as person_id,
    created_at,
    is_deleted,
    account_id,
    row_number() over (
        partition by anchor_id
        order by rank_of_kind, is_deleted, created_at, {{ by_bytes('record_id') }}
    ) as survivor_rank
from anchored
