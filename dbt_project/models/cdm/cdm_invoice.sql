-- Invoices of all sources, in the common data model. No source has any yet.
select
    cast(null as text) as invoice_id,
    cast(null as text) as source,
    cast(null as text) as account_id,
    cast(null as date) as invoice_date,
    cast(null as numeric) as amount,
    cast(null as text) as status
where false
