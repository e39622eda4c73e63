/** Sources that answer in jobs and files. */
export * from "./bulk-jobs.ts";
export * from "./read-bulk-jobs.ts";
export * from "./read-csv-pages.ts";
