/** The settings of target-postgres. */
import type { SettingsSchema } from "@bizops/connector-kit";

export const settings: SettingsSchema = {
  type: "object",
  anyOf: [{ required: ["connection_string"] }, { required: ["host", "port", "database", "user"] }],
  properties: {
    host: {
      type: "string",
      default: "localhost",
      "x-env": ["PG_ADDRESS"],
      description: "Host name, or the folder of a Unix socket.",
    },
    port: { type: "integer", default: 5432, "x-env": ["PG_PORT"], description: "Port." },
    database: {
      type: "string",
      "x-aliases": ["dbname"],
      "x-env": ["PG_DATABASE"],
      description: "Database; it must exist.",
    },
    user: {
      type: "string",
      "x-aliases": ["username"],
      "x-env": ["PG_USERNAME"],
      description: "Role.",
    },
    password: {
      type: "string",
      "x-env": ["PG_PASSWORD"],
      "x-secret": true,
      description: "Its password.",
    },
    connection_string: {
      type: "string",
      "x-aliases": ["sqlalchemy_url"],
      "x-secret": true,
      description: "Everything at once: postgresql://user:password@host:port/database.",
    },
    ssl_mode: {
      type: "string",
      enum: ["disable", "require", "verify-ca", "verify-full"],
      description: "TLS, by libpq's names.",
    },
    ssl_root_cert: { type: "string", description: "File of the certificate authority." },
    ssl_cert: { type: "string", description: "File of the client certificate." },
    ssl_key: { type: "string", description: "File of the client's key." },
    default_target_schema: {
      type: "string",
      default: "public",
      minLength: 1,
      "x-aliases": ["schema"],
      description: "Schema of streams that name none (stream a-b goes to schema a).",
    },
    reconnect_seconds: {
      type: "number",
      minimum: 0,
      default: 30,
      description:
        "How long to try again when the connection is lost; what was not committed is loaded again.",
    },
    load_method: {
      type: "string",
      enum: ["append-only", "upsert", "overwrite"],
      default: "upsert",
      description:
        "Rows of a known key stand beside the old ones, or replace them; overwrite: the rows of a whole run replace the table's.",
    },
    hard_delete: {
      type: "boolean",
      default: false,
      description: "ACTIVATE_VERSION deletes old generations instead of marking them.",
    },
    add_record_metadata: {
      type: "boolean",
      default: true,
      description: "Add the _sdc_ columns that say where a row comes from.",
    },
    state_id: {
      type: "string",
      minLength: 1,
      description: "Keep STATE in the warehouse under this id, in the transaction of the data.",
    },
  },
};
