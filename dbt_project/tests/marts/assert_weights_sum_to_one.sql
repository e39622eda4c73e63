-- Every SAO and won opportunity is credited exactly once under every model.
with opportunities as (

    select opportunity_id, 'sao' as measure from {{ ref('fct_sao') }}
    union all
    select opportunity_id, 'iacv' as measure from {{ ref('int_opportunities_counted') }} where is_won

),

credited as (

    select opportunity_id, measure, count(distinct model) as models, sum(weight) as weight, min(weight) as least_weight
    from {{ ref('fct_attribution') }}
    group by 1, 2

)

select opportunities.opportunity_id, opportunities.measure, credited.models, credited.weight
from opportunities
left join credited
    on opportunities.opportunity_id = credited.opportunity_id
    and opportunities.measure = credited.measure
where
    coalesce(credited.weight, 0) <> coalesce(credited.models, 0)
    or credited.models <> {{ attribution_models() | length }}
    or credited.least_weight < 0
