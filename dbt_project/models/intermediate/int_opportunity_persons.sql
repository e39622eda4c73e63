-- Who takes part in an opportunity: the people it names; only if there is none left, those of its account.
with opportunities as (

    select opportunity_id, account_id from {{ ref('int_opportunities_counted') }}

),

persons as (

    select * from {{ ref('int_persons_resolved') }} where not is_deleted

),

named as (

    select distinct
        opportunity_persons.opportunity_id,
        persons.person_id
    from {{ ref('cdm_opportunity_person') }} as opportunity_persons
    inner join {{ ref('int_person_records_resolved') }} as records
        on opportunity_persons.person_id = records.record_id
    inner join persons
        on records.person_id = persons.person_id

)

select
    opportunities.opportunity_id,
    named.person_id
from opportunities
inner join named
    on opportunities.opportunity_id = named.opportunity_id

union all

select
    opportunities.opportunity_id,
    persons.person_id
from opportunities
inner join persons
    on opportunities.account_id = persons.account_id
where not exists (
    select 1 from named where named.opportunity_id = opportunities.opportunity_id
)
