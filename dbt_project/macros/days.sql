{# Instants, days, and the periods days fall into. Every `x` is an SQL expression. #}

{# The calendar day of a timestamp in the warehouse zone. A date is that day already and is never shifted. #}
{% macro day(x) -%}
    {{ return(adapter.dispatch('day', 'bizops')(x)) }}
{%- endmacro %}

{# A mapped column may be of either type, which only the database knows, so it is asked. #}
{% macro default__day(x) -%}
    case
        when pg_typeof({{ x }}) = 'date'::regtype then cast({{ x }} as date)
        else cast(cast({{ x }} as timestamptz) at time zone '{{ warehouse_timezone() }}' as date)
    end
{%- endmacro %}

{# The instant a date begins: 00:00 of that day in the warehouse zone. #}
{% macro start_of_day(x) -%}
    {{ return(adapter.dispatch('start_of_day', 'bizops')(x)) }}
{%- endmacro %}

{% macro default__start_of_day(x) -%}
    cast({{ x }} as timestamp) at time zone '{{ warehouse_timezone() }}'
{%- endmacro %}

{# First day of the week (ISO, Monday) or month a date falls into; `period` is 'week' or 'month'. #}
{% macro start_of(period, x) -%}
    {#- Through timestamp: on a date, date_trunc would pass through the session's time zone. -#}
    cast(date_trunc('{{ period }}', cast({{ x }} as timestamp)) as date)
{%- endmacro %}

{# A set of timestamps, one for each start of a period from `first` to `last`; `period` is an SQL
   expression that yields 'week' or 'month'. #}
{% macro period_starts(period, first, last) -%}
    {{ return(adapter.dispatch('period_starts', 'bizops')(period, first, last)) }}
{%- endmacro %}

{% macro default__period_starts(period, first, last) -%}
    generate_series(
        cast({{ first }} as timestamp), cast({{ last }} as timestamp), cast('1 ' || {{ period }} as interval)
    )
{%- endmacro %}

{# The last day of the month that begins on a date. #}
{% macro last_day_of_month(month) -%}
    cast(cast({{ month }} as timestamp) + interval '1 month' - interval '1 day' as date)
{%- endmacro %}

{# The date some months before another; the 29th of February is then the 28th. #}
{% macro months_before(date, months) -%}
    cast(cast({{ date }} as timestamp) - interval '{{ months }} months' as date)
{%- endmacro %}
