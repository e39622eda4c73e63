-- What leads and SAOs cost by campaign and month, with zero rows. SAOs are weighted by the default attribution
-- model and counted in the month of their acceptance.
with facts as (

    select month, campaign_id, campaign_name, channel, amount as spend, 0 as leads, 0 as saos
    from {{ ref('int_spend_resolved') }}

    union all

    select month, campaign_id, campaign_name, channel, 0 as spend, 1 as leads, 0 as saos
    from {{ ref('int_leads_attributed') }}

    union all

    select period_start as month, campaign_id, campaign_name, channel, 0 as spend, 0 as leads, saos
    from {{ ref('rpt_sao_by_campaign') }}
    where period = 'month' and model = '{{ default_attribution_model() }}' and saos <> 0

),

summed as (

    select
        month as period_start,
        campaign_id,
        campaign_name,
        channel,
        sum(spend) as spend,
        sum(leads) as leads,
        sum(saos) as saos
    from facts
    group by 1, 2, 3, 4

),

months as (

    {{ with_zero_rows('summed', ['campaign_id', 'campaign_name', 'channel'], "'month'") }}

)

select
    months.period_start as month,
    months.campaign_id,
    months.campaign_name,
    months.channel,
    {{ trimmed('coalesce(summed.spend, 0)') }} as spend,
    cast(coalesce(summed.leads, 0) as integer) as leads,
    {{ ratio('summed.spend', 'summed.leads') }} as cost_per_lead,
    {{ trimmed('coalesce(summed.saos, 0)') }} as saos,
    {{ ratio('summed.spend', 'summed.saos') }} as cost_per_sao
from months
left join summed
    on months.period_start = summed.period_start
    and {{ same('months.campaign_id', 'summed.campaign_id') }}
    and months.channel = summed.channel
where summed.period_start is not null or months.period_start <= {{ as_of() }}
