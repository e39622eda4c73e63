{# Columns of raw tables that not every organisation has. #}

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

{# Whether a row is gone from Salesforce: in its recycle bin, or found missing by the pipeline
   (`_sdc_deleted_at`, absent where the target adds no metadata). #}
{% macro is_deleted(relation) -%}
    coalesce("IsDeleted", false) or {{ optional_column(relation, '_sdc_deleted_at', 'timestamptz') }} is not null
{%- endmacro %}
