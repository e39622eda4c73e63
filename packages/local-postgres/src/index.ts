/** A private PostgreSQL server out of npm packages. */
export * from "./start-local-postgres.ts";
