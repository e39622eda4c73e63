-- Which places a touch holds in its set: the first, the last, the one the lead came from, and the last one before
-- the opportunity was opened. Each set has a first, a last and a lead touch.
with touches as (

    select
        *,
        min(person_created_at) over (partition by opportunity_id, measure) as lead_created_at,
        max(touched_on) over (partition by opportunity_id, measure) as last_touched_on
    from {{ ref('int_opportunity_touches') }}

),

marked as (

    select
        *,
        -- Touches are in order of time, so a position says all; without a touch before it, the lead came from the first.
        greatest(
            1,
            count(case when touched_at <= lead_created_at then 1 end) over (partition by opportunity_id, measure)
        ) as lead_position,
        count(case when is_before_opportunity then 1 end) over (partition by opportunity_id, measure)
            as opportunity_position
    from touches

)

select
    opportunity_id,
    measure,
    touch_id,
    campaign_id,
    touched_at,
    touched_on,
    asset,
    position,
    touches,
    position = 1 as is_first,
    position = touches as is_last,
    position = lead_position as is_lead,
    position = opportunity_position as is_opportunity,
    last_touched_on - touched_on as days_to_last
from marked
