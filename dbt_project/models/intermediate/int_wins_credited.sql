-- Won opportunities and the touches credited with them under the default attribution model, by cohort: the
-- campaign and the month of the touch. What no campaign led to is in no cohort.
with credits as (

    select *
    from {{ ref('fct_attribution') }}
    where
        measure = 'iacv'
        and model = '{{ default_attribution_model() }}'
        and touch_id is not null

),

opportunities as (

    select * from {{ ref('int_opportunities_counted') }}

)

select
    credits.opportunity_id,
    {{ start_of('month', 'credits.touched_on') }} as touch_month,
    credits.campaign_id,
    opportunities.close_date - credits.touched_on as conversion_days,
    coalesce(opportunities.iacv, 0) > 0 as has_value,
    credits.weight * coalesce(opportunities.iacv, 0) as credited_iacv
from credits
inner join opportunities
    on credits.opportunity_id = opportunities.opportunity_id
