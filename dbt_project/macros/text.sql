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
