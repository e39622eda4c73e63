{# Figures as reports show them. Every argument is an SQL expression of type numeric. #}

{# A number without the zeros that divisions and sums leave at its end. #}
{% macro trimmed(x) -%}
    {{ return(adapter.dispatch('trimmed', 'bizops')(x)) }}
{%- endmacro %}

{% macro default__trimmed(x) -%}
    {{ x }}
{%- endmacro %}

{% macro postgres__trimmed(x) -%}
    trim_scale({{ x }})
{%- endmacro %}

{# Null where the denominator is zero. #}
{% macro ratio(numerator, denominator) -%}
    {{ trimmed(numerator ~ ' / nullif(' ~ denominator ~ ', 0)') }}
{%- endmacro %}
