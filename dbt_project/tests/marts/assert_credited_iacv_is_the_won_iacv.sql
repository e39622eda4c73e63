-- What is credited under each model is what was won.
with won as (

    select opportunity_id, coalesce(iacv, 0) as iacv
    from {{ ref('int_opportunities_counted') }}
    where is_won

),

credited as (

    select attribution.model, sum(attribution.weight * won.iacv) as iacv
    from {{ ref('fct_attribution') }} as attribution
    inner join won
        on attribution.opportunity_id = won.opportunity_id
    where attribution.measure = 'iacv'
    group by 1

),

expected as (

    select sum(iacv) as iacv from won

)

select credited.model, credited.iacv as credited, expected.iacv as expected
from credited
cross join expected
where credited.iacv <> expected.iacv
