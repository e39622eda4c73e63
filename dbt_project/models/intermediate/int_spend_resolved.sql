-- Spend in the month of its day, for the campaign it stands for; its channel is that campaign's, else its own.
with spend as (

    select * from {{ ref('cdm_spend') }}

),

campaigns as (

    select * from {{ ref('int_campaigns_resolved') }}

)

select
    spend.spend_id,
    {{ start_of('month', 'spend.spent_on') }} as month,
    coalesce(campaigns.campaign_id, spend.campaign_id) as campaign_id,
    campaigns.campaign_name,
    coalesce(campaigns.channel, spend.channel, 'unattributed') as channel,
    spend.amount
from spend
left join campaigns
    on spend.campaign_id = campaigns.record_id
