-- How fast the touches of a campaign's month turn into won business and how much, with zero rows. Half of what will
-- be won is taken to be there at the median conversion time, hence the estimate of twice that.
with credits as (

    select * from {{ ref('int_wins_credited') }}

),

overall as (

    select
        count(distinct opportunity_id) as wins,
        percentile_cont(0.5) within group (order by conversion_days) as median_days
    from credits
    where has_value

),

cohorts as (

    select
        touch_month as period_start,
        campaign_id,
        count(distinct case when has_value then opportunity_id end) as wins,
        percentile_cont(0.5) within group (order by case when has_value then conversion_days end) as median_days,
        sum(credited_iacv) as realised_iacv
    from credits
    group by 1, 2

),

months as (

    {{ with_zero_rows('cohorts', ['campaign_id'], "'month'") }}

),

settled as (

    select
        months.period_start,
        months.campaign_id,
        coalesce(cohorts.wins, 0) as wins,
        case when cohorts.wins >= {{ min_wins() }} then cohorts.median_days end as median_conversion_days,
        case
            when cohorts.wins >= {{ min_wins() }} then cohorts.median_days
            when overall.wins >= {{ min_wins() }} then overall.median_days
            else 90
        end as days_counted,
        coalesce(cohorts.realised_iacv, 0) as realised_iacv
    from months
    cross join overall
    left join cohorts
        on months.period_start = cohorts.period_start
        and months.campaign_id = cohorts.campaign_id
    where cohorts.period_start is not null or months.period_start <= {{ as_of() }}

),

in_time as (

    select
        settled.period_start,
        settled.campaign_id,
        sum(credits.credited_iacv) as iacv
    from settled
    inner join credits
        on settled.period_start = credits.touch_month
        and settled.campaign_id = credits.campaign_id
        and credits.conversion_days <= settled.days_counted
    group by 1, 2

),

matured as (

    select
        settled.*,
        case
            when {{ as_of() }} - {{ last_day_of_month('settled.period_start') }} >= settled.days_counted
                then coalesce(in_time.iacv, 0)
        end as iacv_at_median
    from settled
    left join in_time
        on settled.period_start = in_time.period_start
        and settled.campaign_id = in_time.campaign_id

)

select
    matured.period_start as touch_month,
    matured.campaign_id,
    cast(matured.wins as integer) as wins,
    cast(matured.median_conversion_days as numeric) as median_conversion_days,
    {{ trimmed('matured.iacv_at_median') }} as iacv_at_median,
    {{ trimmed('2 * matured.iacv_at_median') }} as estimated_iacv,
    {{ trimmed('matured.realised_iacv') }} as realised_iacv,
    campaigns.campaign_name,
    coalesce(campaigns.channel, 'unattributed') as channel
from matured
left join {{ ref('int_campaigns_resolved') }} as campaigns
    on matured.campaign_id = campaigns.record_id
