-- How often pages, forms and links were touched, by whom, and what came after it.
with touches as (

    select * from {{ ref('int_touches_resolved') }} where {{ normalised('asset') }} <> ''

),

usage as (

    select
        asset,
        count(*) as touches,
        count(distinct person_id) as people,
        count(distinct account_id) as accounts
    from touches
    group by 1

),

opportunities as (

    select opportunity_id, coalesce(iacv, 0) as iacv from {{ ref('int_opportunities_counted') }}

),

influenced as (

    select
        pairs.asset,
        count(case when pairs.measure = 'sao' then 1 end) as saos,
        sum(case when pairs.measure = 'iacv' then opportunities.iacv else 0 end) as iacv
    from (
        select distinct asset, measure, opportunity_id
        from {{ ref('int_opportunity_touches') }}
        where {{ normalised('asset') }} <> ''
    ) as pairs
    inner join opportunities
        on pairs.opportunity_id = opportunities.opportunity_id
    group by 1

),

attributed as (

    select
        attribution.asset,
        sum(case when attribution.measure = 'sao' then attribution.weight else 0 end) as saos,
        sum(case when attribution.measure = 'iacv' then attribution.weight * opportunities.iacv else 0 end) as iacv
    from {{ ref('fct_attribution') }} as attribution
    inner join opportunities
        on attribution.opportunity_id = opportunities.opportunity_id
    where
        attribution.model = '{{ default_attribution_model() }}'
        and {{ normalised('attribution.asset') }} <> ''
    group by 1

)

select
    usage.asset,
    cast(usage.touches as integer) as touches,
    cast(usage.people as integer) as people,
    cast(usage.accounts as integer) as accounts,
    cast(coalesce(influenced.saos, 0) as integer) as saos_influenced,
    {{ trimmed('coalesce(attributed.saos, 0)') }} as saos_attributed,
    {{ trimmed('coalesce(influenced.iacv, 0)') }} as iacv_influenced,
    {{ trimmed('coalesce(attributed.iacv, 0)') }} as iacv_attributed
from usage
left join influenced on usage.asset = influenced.asset
left join attributed on usage.asset = attributed.asset
