-- Weeks and months under each model are ways of counting the same SAOs; each must count every one once.
with reported as (

    select period, model, sum(saos) as saos
    from {{ ref('rpt_sao_by_campaign') }}
    group by 1, 2

),

expected as (

    select count(*) as saos from {{ ref('fct_sao') }}

)

select reported.period, reported.model, reported.saos as reported, expected.saos as expected
from reported
cross join expected
where reported.saos <> expected.saos
