-- Sales accepted opportunities by source, week and month, with zero rows.
with saos as (

    select * from {{ ref('fct_sao') }}

),

counted as (

    {% for period in ['week', 'month'] %}
    select
        '{{ period }}' as period,
        {{ start_of(period, 'sales_accepted_at') }} as period_start,
        source_bucket,
        count(*) as saos
    from saos
    group by 1, 2, 3
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

spans as (

    select
        period,
        source_bucket,
        min(period_start) as first_start,
        max(period_start) as last_start
    from counted
    group by 1, 2

),

periods as (

    select
        spans.period,
        cast(starts.starts_at as date) as period_start,
        spans.source_bucket
    from spans
    cross join lateral {{ period_starts('spans.period', 'spans.first_start', 'spans.last_start') }} as starts (starts_at)

)

select
    periods.period,
    periods.period_start,
    periods.source_bucket,
    cast(coalesce(counted.saos, 0) as integer) as saos
from periods
left join counted
    on periods.period = counted.period
    and periods.period_start = counted.period_start
    and periods.source_bucket = counted.source_bucket
-- Facts stay whatever their date; zero rows end with the period of `as_of`.
where counted.saos is not null or periods.period_start <= {{ as_of() }}
