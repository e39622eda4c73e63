{# The project's settings with their defaults, in one place so that models of a user's own project get them too. #}

{# The time zone in which an instant becomes a calendar day. #}
{% macro warehouse_timezone() -%}
    {{ var('warehouse_timezone', 'UTC') }}
{%- endmacro %}

{# The day (type date) the reports look from: the variable `as_of`, else today in the warehouse zone. #}
{% macro as_of() -%}
    {%- if var('as_of', none) is none -%}
        {{ day('current_timestamp') }}
    {%- else -%}
        cast('{{ var('as_of') }}' as date)
    {%- endif -%}
{%- endmacro %}
