-- Weeks and months are two ways of counting the same SAOs; each must count every one once.
with periods as (

    select 'week' as period
    union all
    select 'month' as period

),

reported as (

    select period, sum(saos) as saos
    from {{ ref('rpt_sao_by_source') }}
    group by period

),

expected as (

    select count(*) as saos from {{ ref('fct_sao') }}

)

select periods.period, reported.saos as reported, expected.saos as expected
from periods
cross join expected
left join reported on periods.period = reported.period
where coalesce(reported.saos, 0) <> expected.saos
