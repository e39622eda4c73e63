-- Under each model the shares of the won business add up to the won business.
with won as (

    select coalesce(sum(iacv), 0) as iacv
    from {{ ref('int_opportunities_counted') }}
    where is_won

)

select credited.model, credited.iacv, won.iacv as won_iacv
from (select model, sum(iacv) as iacv from {{ ref('rpt_attributed_iacv') }} group by 1) as credited
cross join won
where credited.iacv <> won.iacv
