{# Fails for values that differ only in case and surrounding blanks: a join on them would double rows. #}
{% test unique_normalised(model, column_name) %}
select {{ normalised(column_name) }} as value_found, count(*) as rows_found
from {{ model }}
group by 1
having count(*) > 1
{% endtest %}
