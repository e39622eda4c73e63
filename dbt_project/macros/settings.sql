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

{# The attribution model of reports that show one. #}
{% macro default_attribution_model() -%}
    {%- set model = var('default_attribution_model', 'last_touch') -%}
    {%- if model not in attribution_models() -%}
        {%- do exceptions.raise_compiler_error(
            "default_attribution_model is '" ~ model ~ "'; it must be one of " ~ attribution_models() | join(', ')
        ) -%}
    {%- endif -%}
    {{ model }}
{%- endmacro %}

{# All attribution models, in the order of reports. #}
{% macro attribution_models() -%}
    {{ return([
        'first_touch', 'last_touch', 'lead_creation', 'linear', 'u_shaped', 'w_shaped', 'time_decay'
    ]) }}
{%- endmacro %}

{# Share of revenue left after the cost of serving it. #}
{% macro gross_margin() -%}
    {{ var('gross_margin', 0.8) }}
{%- endmacro %}

{# Wins a cohort needs before its own median conversion time counts. #}
{% macro min_wins() -%}
    {{ var('min_wins', 5) }}
{%- endmacro %}

{# Years a customer is assumed to stay at most. #}
{% macro max_retention_years() -%}
    {{ var('max_retention_years', 10) }}
{%- endmacro %}
