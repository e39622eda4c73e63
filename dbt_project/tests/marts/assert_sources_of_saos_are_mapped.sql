-- A source that is null or not in the seed counts as Other: list it in the seed to say that it is meant.
{{ config(severity='warn') }}

select opportunities.opportunity_source, count(*) as saos
from {{ ref('fct_sao') }} as saos
inner join {{ ref('cdm_opportunity') }} as opportunities
    on saos.opportunity_id = opportunities.opportunity_id
left join {{ ref('opportunity_source_buckets') }} as buckets
    on {{ normalised('opportunities.opportunity_source') }} = {{ normalised('buckets.opportunity_source') }}
where buckets.opportunity_source is null
group by opportunities.opportunity_source
