-- A currency without a rate counts 1:1, which is seldom what is meant.
{{ config(severity='warn') }}

select opportunities.currency, count(*) as opportunities
from {{ ref('cdm_opportunity') }} as opportunities
left join {{ ref('currency_rates') }} as rates
    on {{ normalised('opportunities.currency') }} = {{ normalised('rates.currency') }}
where
    opportunities.currency is not null
    and not opportunities.is_deleted
    and rates.rate is null
group by opportunities.currency
