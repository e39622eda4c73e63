{# Questions about a past day. #}

{# The rows of a snapshot as they were at the end of a day in the warehouse zone:
   `select "StageName", count(*) from {{ as_it_was(ref('snap_salesforce__opportunities'), "date '2026-03-31'") }} group by 1` #}
{% macro as_it_was(snapshot, day) -%}
    (
        select *
        from {{ snapshot }}
        where
            dbt_valid_from < {{ start_of_day(day ~ ' + 1') }}
            and coalesce(dbt_valid_to >= {{ start_of_day(day ~ ' + 1') }}, true)
    ) as as_it_was
{%- endmacro %}
