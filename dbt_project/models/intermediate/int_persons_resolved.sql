-- People, one row each: the surviving record's id, the earliest creation, deleted only if all records are, and the
-- first account in survivor order.
with records as (

    select * from {{ ref('int_person_records_resolved') }}

),

accounts as (

    select * from {{ ref('int_accounts_resolved') }}

),

with_account as (

    select
        person_id,
        account_id,
        row_number() over (partition by person_id order by survivor_rank) as account_rank
    from records
    where account_id is not null

),

persons as (

    select
        person_id,
        min(created_at) as created_at,
        bool_and(is_deleted) as is_deleted
    from records
    group by person_id

)

select
    persons.person_id,
    persons.created_at,
    persons.is_deleted,
    coalesce(accounts.account_id, with_account.account_id) as account_id
from persons
left join with_account
    on persons.person_id = with_account.person_id
    and with_account.account_rank = 1
left join accounts
    on with_account.account_id = accounts.record_id
