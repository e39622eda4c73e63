-- Subscriptions of all sources, in the common data model, one row for each version. No source has any yet.
select
    cast(null as text) as subscription_id,
    cast(null as text) as source,
    cast(null as text) as account_id,
    cast(null as text) as name,
    cast(null as bigint) as version,
    cast(null as text) as status,
    cast(null as date) as start_date,
    cast(null as date) as end_date,
    cast(null as timestamptz) as cancelled_at,
    cast(null as numeric) as mrr
where false
