{# What each attribution model gives a touch, before the shares of a set are divided by their sum. #}

{# `model` is an SQL expression; `touches` the alias of rows of int_touch_positions. #}
{% macro attribution_share(model, touches) -%}
    case {{ model }}
        when 'first_touch' then case when {{ touches }}.is_first then 1.0 else 0.0 end
        when 'last_touch' then case when {{ touches }}.is_last then 1.0 else 0.0 end
        when 'lead_creation' then case when {{ touches }}.is_lead then 1.0 else 0.0 end
        when 'linear' then 1.0
        when 'u_shaped' then
            case
                when {{ touches }}.touches <= 2 then 1.0
                when {{ touches }}.is_first or {{ touches }}.is_last then 0.4
                else 0.2 / ({{ touches }}.touches - 2)
            end
        when 'w_shaped' then
            case
                when {{ w_positions(touches) }} > 0 then 0.3 * {{ w_positions(touches) }}
                else 0.1 / count(case when {{ w_positions(touches) }} = 0 then 1 end)
                    over (partition by {{ touches }}.opportunity_id, {{ touches }}.measure, {{ model }})
            end
        when 'time_decay' then power(cast(2 as numeric), - {{ touches }}.days_to_last / 7.0)
    end
{%- endmacro %}

{# How many of the three places of the W a touch holds. #}
{% macro w_positions(touches) -%}
    (
        case when {{ touches }}.is_first then 1 else 0 end
        + case when {{ touches }}.is_lead then 1 else 0 end
        + case when {{ touches }}.is_opportunity then 1 else 0 end
    )
{%- endmacro %}
