-- People with at least one touch that has a campaign; each counts once, for the first such touch.
with touches as (

    select
        *,
        row_number() over (
            partition by person_id order by touched_at, {{ by_bytes('touch_id') }}
        ) as position
    from {{ ref('int_touches_resolved') }}
    where campaign_id is not null

)

select
    person_id,
    {{ start_of('month', 'touched_on') }} as month,
    campaign_id,
    campaign_name,
    channel
from touches
where position = 1
