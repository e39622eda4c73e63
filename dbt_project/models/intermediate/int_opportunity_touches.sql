-- The touch set of each SAO (measure sao: until the day of its acceptance) and of each won opportunity (measure
-- iacv: until the day of its close): the touches of its people that have a campaign, in order.
with opportunities as (

    select
        opportunity_id,
        created_at,
        'sao' as measure,
        sales_accepted_at as last_day
    from {{ ref('int_opportunities_counted') }}
    where sales_accepted_at is not null

    union all

    select
        opportunity_id,
        created_at,
        'iacv' as measure,
        close_date as last_day
    from {{ ref('int_opportunities_counted') }}
    where is_won

),

touches as (

    select * from {{ ref('int_touches_resolved') }} where campaign_id is not null

)

select
    opportunities.opportunity_id,
    opportunities.measure,
    touches.touch_id,
    touches.person_created_at,
    touches.campaign_id,
    touches.touched_at,
    touches.touched_on,
    touches.asset,
    touches.touched_at < opportunities.created_at as is_before_opportunity,
    row_number() over (
        partition by opportunities.opportunity_id, opportunities.measure
        order by touches.touched_at, {{ by_bytes('touches.touch_id') }}
    ) as position,
    count(*) over (partition by opportunities.opportunity_id, opportunities.measure) as touches
from opportunities
inner join {{ ref('int_opportunity_persons') }} as persons
    on opportunities.opportunity_id = persons.opportunity_id
inner join touches
    on persons.person_id = touches.person_id
    and touches.touched_on <= opportunities.last_day
