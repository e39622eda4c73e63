-- Won business touch by touch under every model: sums, medians and the rows behind them come from here.
with credits as (

    select * from {{ ref('fct_attribution') }} where measure = 'iacv'

)

select
    credits.opportunity_id,
    credits.model,
    credits.touch_id,
    opportunities.account_id,
    opportunities.close_date as closed_on,
    credits.touched_on,
    case when opportunities.iacv > 0 then opportunities.close_date - credits.touched_on end as conversion_days,
    credits.campaign_id,
    campaigns.campaign_name,
    coalesce(campaigns.channel, 'unattributed') as channel,
    credits.weight as wins,
    {{ trimmed('credits.weight * coalesce(opportunities.iacv, 0)') }} as iacv
from credits
inner join {{ ref('int_opportunities_counted') }} as opportunities
    on credits.opportunity_id = opportunities.opportunity_id
left join {{ ref('int_campaigns_resolved') }} as campaigns
    on credits.campaign_id = campaigns.record_id
