-- When each subscription of an account serves it: the latest of its versions decides. Drafts and what waits for
-- activation or acceptance do not.
with versions as (

    select
        *,
        row_number() over (partition by source, name order by version desc) as recency
    from {{ ref('cdm_subscription') }}

)

select
    coalesce(accounts.account_id, versions.account_id) as account_id,
    versions.start_date,
    least({{ day('versions.cancelled_at') }}, versions.end_date) as end_date
from versions
left join {{ ref('int_accounts_resolved') }} as accounts
    on versions.account_id = accounts.record_id
where
    versions.recency = 1
    and replace({{ normalised('versions.status') }}, ' ', '')
        not in ('draft', 'pendingactivation', 'pendingacceptance')
