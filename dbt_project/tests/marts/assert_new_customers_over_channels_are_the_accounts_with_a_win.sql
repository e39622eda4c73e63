-- Every account with a won opportunity is a new customer once.
with reported as (

    select coalesce(sum(new_customers), 0) as customers from {{ ref('rpt_channel_economics') }}

),

expected as (

    select count(distinct account_id) as customers
    from {{ ref('int_opportunities_counted') }}
    where is_won

)

select reported.customers as reported, expected.customers as expected
from reported
cross join expected
where reported.customers <> expected.customers
