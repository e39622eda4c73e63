{# Every period a report's group has a row for, those without facts included. #}

{# A query of (keys..., period_start): each period from a group's first to its last row. A period later than
   that of `as_of` is left out unless the group has facts in it.
   `facts` is a query with the keys and `period_start`; `period` is 'week' or 'month', or an SQL expression
   over the keys that yields one of them. Null keys make a group as other values do. #}
{% macro with_zero_rows(facts, keys, period) -%}
    select
        {% for key in keys -%}
        spans.{{ key }},
        {% endfor -%}
        cast(starts.starts_at as date) as period_start
    from (
        select
            {% for key in keys -%}
            {{ key }},
            {% endfor -%}
            min(period_start) as first_start,
            max(period_start) as last_start
        from {{ facts }}
        group by {% for key in keys %}{{ loop.index }}{{ ', ' if not loop.last }}{% endfor %}
    ) as spans
    cross join lateral {{ period_starts(period, 'spans.first_start', 'spans.last_start') }} as starts (starts_at)
{%- endmacro %}

{# Whether two expressions are equal, where null equals null. #}
{% macro same(a, b) -%}
    {{ a }} is not distinct from {{ b }}
{%- endmacro %}
