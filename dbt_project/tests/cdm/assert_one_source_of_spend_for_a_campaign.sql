-- Money that two sources both report would count twice.
select campaigns.campaign_id, count(distinct spend.source) as sources
from {{ ref('cdm_spend') }} as spend
inner join {{ ref('int_campaigns_resolved') }} as campaigns
    on spend.campaign_id = campaigns.record_id
group by 1
having count(distinct spend.source) > 1
