{# Text as people type it. Every argument is an SQL expression. #}

{# Trimmed (tabs and line ends too) and in lower case: how picklist values are compared. #}
{% macro normalised(x) -%}
    {{ return(adapter.dispatch('normalised', 'bizops')(x)) }}
{%- endmacro %}

{% macro default__normalised(x) -%}
    lower(btrim({{ x }}, E' \t\n\r'))
{%- endmacro %}

{# The host of a website's address without `www.`, or null: `https://www.Example.com/x` -> `example.com`. #}
{% macro domain_of(website) -%}
    nullif(
        regexp_replace(
            regexp_replace({{ normalised(website) }}, '^([a-z]+://)?([^/@]*@)?(www\.)?', ''),
            '[/:?#].*$', ''
        ),
        ''
    )
{%- endmacro %}

{# A text as it is ordered by its bytes, whatever the database's own collation. #}
{% macro by_bytes(x) -%}
    {{ return(adapter.dispatch('by_bytes', 'bizops')(x)) }}
{%- endmacro %}

{% macro default__by_bytes(x) -%}
    {{ x }}
{%- endmacro %}

{% macro postgres__by_bytes(x) -%}
    {{ x }} collate "C"
{%- endmacro %}
