-- Sales accepted opportunities by campaign, week and month under every attribution model, with zero rows. The
-- campaign null is what no touch with a campaign led to.
with credits as (

    select
        attribution.model,
        attribution.campaign_id,
        campaigns.campaign_name,
        coalesce(campaigns.channel, 'unattributed') as channel,
        attribution.weight,
        saos.sales_accepted_at
    from {{ ref('fct_attribution') }} as attribution
    inner join {{ ref('fct_sao') }} as saos
        on attribution.opportunity_id = saos.opportunity_id
    left join {{ ref('int_campaigns_resolved') }} as campaigns
        on attribution.campaign_id = campaigns.record_id
    where attribution.measure = 'sao'

),

counted as (

    {% for period in ['week', 'month'] %}
    select
        '{{ period }}' as period,
        {{ start_of(period, 'sales_accepted_at') }} as period_start,
        model,
        campaign_id,
        campaign_name,
        channel,
        sum(weight) as saos
    from credits
    group by 1, 2, 3, 4, 5, 6
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

periods as (

    {{ with_zero_rows('counted', ['period', 'model', 'campaign_id', 'campaign_name', 'channel'], 'spans.period') }}

)

select
    periods.period,
    periods.period_start,
    periods.model,
    periods.campaign_id,
    periods.campaign_name,
    periods.channel,
    {{ trimmed('coalesce(counted.saos, 0)') }} as saos
from periods
left join counted
    on periods.period = counted.period
    and periods.period_start = counted.period_start
    and periods.model = counted.model
    and {{ same('periods.campaign_id', 'counted.campaign_id') }}
where counted.saos is not null or periods.period_start <= {{ as_of() }}
