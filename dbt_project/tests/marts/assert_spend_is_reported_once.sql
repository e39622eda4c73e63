-- Both reports of cost show all that was spent.
with spent as (

    select coalesce(sum(amount), 0) as amount from {{ ref('cdm_spend') }}

),

reported as (

    select 'rpt_acquisition_cost' as report, coalesce(sum(spend), 0) as amount from {{ ref('rpt_acquisition_cost') }}
    union all
    select 'rpt_channel_economics' as report, coalesce(sum(spend), 0) as amount from {{ ref('rpt_channel_economics') }}

)

select reported.report, reported.amount as reported, spent.amount as expected
from reported
cross join spent
where reported.amount <> spent.amount
