-- How the credit for each SAO and each won opportunity is shared by the touches before it, under every model. The
-- weights of one opportunity, measure and model sum to exactly 1: the last touch takes what the others leave.
with opportunities as (

    select opportunity_id, 'sao' as measure
    from {{ ref('int_opportunities_counted') }}
    where sales_accepted_at is not null

    union all

    select opportunity_id, 'iacv' as measure
    from {{ ref('int_opportunities_counted') }}
    where is_won

),

touches as (

    select * from {{ ref('int_touch_positions') }}

),

shares as (

    select
        touches.*,
        models.model,
        {{ attribution_share('models.model', 'touches') }} as share
    from touches
    cross join (
        {% for model in attribution_models() %}
        select '{{ model }}' as model{{ ' union all' if not loop.last }}
        {% endfor %}
    ) as models

),

totals as (

    select
        *,
        sum(share) over (partition by opportunity_id, measure, model) as total
    from shares

),

weights as (

    select
        *,
        cast(share / total as numeric) as weight,
        sum(case when is_last then 0 else cast(share / total as numeric) end)
            over (partition by opportunity_id, measure, model) as weight_of_others
    from totals
    -- A model that credits one touch has a row for that one only; the others have one for each, however small.
    where share <> 0 or model not in ('first_touch', 'last_touch', 'lead_creation')

),

exact as (

    select
        opportunity_id,
        measure,
        model,
        touch_id,
        campaign_id,
        touched_at,
        touched_on,
        asset,
        case when is_last then 1 - weight_of_others else weight end as weight
    from weights

)

select
    opportunities.opportunity_id,
    models.model,
    opportunities.measure,
    exact.touch_id,
    exact.campaign_id,
    exact.touched_at,
    {{ trimmed('coalesce(exact.weight, 1)') }} as weight,
    exact.touched_on,
    exact.asset
from opportunities
cross join (
    {% for model in attribution_models() %}
    select '{{ model }}' as model{{ ' union all' if not loop.last }}
    {% endfor %}
) as models
left join exact
    on opportunities.opportunity_id = exact.opportunity_id
    and opportunities.measure = exact.measure
    and models.model = exact.model
