-- Salesforce users, renamed and cast.
select
    "Id" as user_id,
    "ManagerId" as manager_id,
    "UserRoleId" as user_role_id,
    "UserType" as user_type,
    "Department" as department,
    "CreatedDate" as created_at,
    "IsActive" as is_active
from {{ source('salesforce', 'User') }}
