-- The first won opportunity of each account, and the channels credited with it under the default attribution model.
with wins as (

    select
        opportunity_id,
        account_id,
        close_date,
        coalesce(iacv, 0) as iacv,
        row_number() over (
            partition by account_id order by close_date, {{ by_bytes('opportunity_id') }}
        ) as win
    from {{ ref('int_opportunities_counted') }}
    where is_won and account_id is not null and close_date is not null

)

select
    wins.account_id,
    wins.opportunity_id,
    {{ start_of('month', 'wins.close_date') }} as month,
    coalesce(campaigns.channel, 'unattributed') as channel,
    attribution.weight,
    attribution.weight * wins.iacv as weighted_iacv
from wins
inner join {{ ref('fct_attribution') }} as attribution
    on wins.opportunity_id = attribution.opportunity_id
    and attribution.measure = 'iacv'
    and attribution.model = '{{ default_attribution_model() }}'
left join {{ ref('int_campaigns_resolved') }} as campaigns
    on attribution.campaign_id = campaigns.record_id
where wins.win = 1
