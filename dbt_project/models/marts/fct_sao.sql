-- Sales accepted opportunities with their source bucket.
with opportunities as (

    select * from {{ ref('int_opportunities_counted') }}

),

buckets as (

    select
        {{ normalised('opportunity_source') }} as opportunity_source,
        source_bucket
    from {{ ref('opportunity_source_buckets') }}

)

select
    opportunities.opportunity_id,
    opportunities.account_id,
    opportunities.sales_accepted_at,
    coalesce(buckets.source_bucket, 'Other') as source_bucket,
    opportunities.iacv,
    opportunities.is_won
from opportunities
left join buckets on {{ normalised('opportunities.opportunity_source') }} = buckets.opportunity_source
where opportunities.sales_accepted_at is not null
