-- What a customer costs and is worth by channel and month, with zero rows. Retention is that of all accounts: how
-- long they stay if they go on leaving as in the last twelve months.
with costs as (

    select month, channel, sum(spend) as spend, sum(leads) as leads
    from (
        select month, channel, amount as spend, 0 as leads from {{ ref('int_spend_resolved') }}
        union all
        select month, channel, 0 as spend, 1 as leads from {{ ref('int_leads_attributed') }}
    ) as facts
    group by 1, 2

),

customers as (

    select month, channel, sum(weight) as customers, sum(weighted_iacv) as iacv
    from {{ ref('int_new_customers') }}
    group by 1, 2

),

conversions as (

    select
        conversion.touch_month as month,
        coalesce(campaigns.channel, 'unattributed') as channel,
        -- One campaign that is not known yet makes the channel unknown.
        case when count(*) = count(conversion.estimated_iacv) then sum(conversion.estimated_iacv) end
            as estimated_iacv
    from {{ ref('rpt_conversion') }} as conversion
    left join {{ ref('int_campaigns_resolved') }} as campaigns
        on conversion.campaign_id = campaigns.record_id
    group by 1, 2

),

facts as (

    select month as period_start, channel from costs
    union
    select month, channel from customers
    union
    select month, channel from conversions

),

spans as (

    {{ with_zero_rows('facts', ['channel'], "'month'") }}

),

months as (

    select
        spans.*,
        {{ months_before('spans.period_start', 11) }} as year_start,
        least({{ last_day_of_month('spans.period_start') }}, {{ as_of() }}) as counted_on
    from spans
    left join facts
        on spans.period_start = facts.period_start
        and spans.channel = facts.channel
    where facts.channel is not null or spans.period_start <= {{ as_of() }}

),

spend_of_year as (

    select months.channel, months.period_start, sum(costs.spend) as spend
    from months
    inner join costs
        on months.channel = costs.channel
        and costs.month between months.year_start and months.period_start
    group by 1, 2

),

customers_of_year as (

    select
        months.channel,
        months.period_start,
        sum(customers.customers) as customers,
        sum(customers.iacv) as iacv
    from months
    inner join customers
        on months.channel = customers.channel
        and customers.month between months.year_start and months.period_start
    group by 1, 2

),

years as (

    select distinct counted_on, {{ months_before('counted_on', 12) }} as year_before
    from months

),

active_before as (

    select distinct years.counted_on, subscriptions.account_id
    from years
    inner join {{ ref('int_subscription_spans') }} as subscriptions
        on subscriptions.start_date <= years.year_before
        and coalesce(subscriptions.end_date > years.year_before, true)
    where subscriptions.account_id is not null

),

still_active as (

    select
        active_before.counted_on,
        active_before.account_id,
        exists (
            select 1
            from {{ ref('int_subscription_spans') }} as subscriptions
            where
                subscriptions.account_id = active_before.account_id
                and subscriptions.start_date <= active_before.counted_on
                and coalesce(subscriptions.end_date > active_before.counted_on, true)
        ) as is_active
    from active_before

),

retention as (

    select
        counted_on,
        least(
            coalesce(
                cast(count(*) as numeric) / nullif(count(case when not is_active then 1 end), 0),
                {{ max_retention_years() }}
            ),
            {{ max_retention_years() }}
        ) as years
    from still_active
    group by 1

),

joined as (

    select
        months.channel,
        months.period_start,
        coalesce(costs.spend, 0) as spend,
        cast(coalesce(costs.leads, 0) as integer) as leads,
        coalesce(customers.customers, 0) as new_customers,
        coalesce(spend_of_year.spend, 0) as spend_12m,
        coalesce(customers_of_year.customers, 0) as new_customers_12m,
        customers_of_year.iacv / nullif(customers_of_year.customers, 0)
            * {{ gross_margin() }} * retention.years as ltv,
        conversions.estimated_iacv
    from months
    left join costs
        on months.channel = costs.channel and months.period_start = costs.month
    left join customers
        on months.channel = customers.channel and months.period_start = customers.month
    left join conversions
        on months.channel = conversions.channel and months.period_start = conversions.month
    left join spend_of_year
        on months.channel = spend_of_year.channel and months.period_start = spend_of_year.period_start
    left join customers_of_year
        on months.channel = customers_of_year.channel
        and months.period_start = customers_of_year.period_start
    left join retention
        on months.counted_on = retention.counted_on

),

priced as (

    select
        *,
        {{ ratio('spend', 'new_customers') }} as cac,
        {{ ratio('spend_12m', 'new_customers_12m') }} as cac_12m
    from joined

)

select
    channel,
    period_start,
    {{ trimmed('spend') }} as spend,
    leads,
    {{ trimmed('new_customers') }} as new_customers,
    cac,
    {{ trimmed('spend_12m') }} as spend_12m,
    {{ trimmed('new_customers_12m') }} as new_customers_12m,
    cac_12m,
    {{ trimmed('ltv') }} as ltv,
    {{ ratio('ltv', 'cac') }} as roi,
    {{ ratio('ltv', 'cac_12m') }} as roi_12m,
    estimated_iacv,
    {{ ratio('estimated_iacv', 'spend') }} as iacv_to_marketing
from priced
