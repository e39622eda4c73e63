{# Columns of raw tables that not every organisation has; generated staging models use them. #}

{# The quoted column, or a null of the type where the table has no such column. #}
{% macro optional_column(relation, column, type) -%}
    {%- set present = [] -%}
    {%- if execute -%}
        {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- endif -%}
    {%- if column in present -%}
        {{ adapter.quote(column) }}
    {%- else -%}
        cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}

{# Whether a row is gone from its source: the source marks it so in `column`, or the pipeline found it missing
   (`_sdc_deleted_at`, absent where the target adds no metadata). #}
{% macro is_deleted(relation, column=none) -%}
    {% if column is not none %}coalesce({{ adapter.quote(column) }}, false) or {% endif -%}
    {{ optional_column(relation, '_sdc_deleted_at', 'timestamptz') }} is not null
{%- endmacro %}
