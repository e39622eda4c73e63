-- The opportunities that count, in the reporting currency.
with opportunities as (

    select * from {{ ref('cdm_opportunity') }}

),

duplicate_stages as (

    select {{ normalised('stage') }} as stage from {{ ref('opportunity_duplicate_stages') }}

),

accounts as (

    select * from {{ ref('int_accounts_resolved') }}

),

rates as (

    select {{ normalised('currency') }} as currency, rate from {{ ref('currency_rates') }}

)

select
    opportunities.opportunity_id,
    coalesce(accounts.account_id, opportunities.account_id) as account_id,
    opportunities.created_at,
    opportunities.close_date,
    opportunities.sales_accepted_at,
    opportunities.opportunity_source,
    coalesce(opportunities.is_won, false) as is_won,
    opportunities.iacv * coalesce(rates.rate, 1) as iacv,
    opportunities.amount * coalesce(rates.rate, 1) as amount
from opportunities
left join accounts on opportunities.account_id = accounts.record_id
left join rates on {{ normalised('opportunities.currency') }} = rates.currency
where
    not coalesce(opportunities.is_deleted, false)
    and not exists (
        select 1 from duplicate_stages where duplicate_stages.stage = {{ normalised('opportunities.stage') }}
    )
