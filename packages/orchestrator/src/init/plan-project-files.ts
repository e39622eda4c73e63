/** What a new project consists of, as plain data. Pure. */
import { renderCiFile } from "./render-ci-file.ts";

/** A tap or target that is installed, with the settings that have a customary variable. */
export interface Connector {
  /** Its executable. */
  readonly name: string;
  readonly variables: readonly Variable[];
}

export interface Variable {
  readonly name: string;
  readonly description: string;
}

export interface ProjectFacts {
  readonly taps: readonly Connector[];
  readonly target: Connector;
  /** From the project's folder to the package `@bizops/dbt`. */
  readonly dbtPackage: string;
  readonly pseudonymKey: string;
}

/** A file to be written. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  /** Readable by its owner alone. */
  readonly secret?: boolean;
}

const keyVariable: Variable = {
  name: "BIZOPS_PSEUDONYM_KEY",
  description:
    "Pseudonyms are made with this key. Keep it, and keep it secret: another key gives other pseudonyms.",
};

export function planProjectFiles(facts: ProjectFacts): readonly PlannedFile[] {
  const pipelines = facts.taps.map(({ name }) => pipelineOf(name));
  return [
    { path: "bizops.yml", content: renderProjectFile(facts) },
    { path: ".env.example", content: renderVariables(facts, "") },
    { path: ".env", content: renderVariables(facts, facts.pseudonymKey), secret: true },
    { path: ".gitignore", content: ".env\n.bizops/\nnode_modules/\n" },
    { path: ".gitlab-ci.yml", content: renderCiFile(pipelines) },
    { path: "mapping/README.md", content: mappingReadme },
    { path: "dbt_project.yml", content: renderDbtProject(facts.dbtPackage) },
    { path: "models/README.md", content: modelsReadme },
  ];
}

/** `tap-salesforce` -> `salesforce`, which is a name for a schema too. */
function pipelineOf(tap: string): string {
  return tap.replace(/^tap-/, "").replace(/\W/g, "_");
}

function renderProjectFile({ taps, target }: ProjectFacts): string {
  const pipelines = taps.map(
    ({ name }) => `  ${pipelineOf(name)}: # also the raw schema in the warehouse
    tap: ${name} # any Singer tap
    target: ${target.name} # any Singer target
    config:
      start_date: "2020-01-01T00:00:00Z"
    privacy:
      direct: pseudonymise # names, e-mail, phones: joinable, not readable
      indirect: keep
      free-text: drop
    # select: [Account, "Opportunity.*", "!Account.Phone"] # instead of what the tap selects
    # after: [another] # pipelines that go first
    # retry: { tries: 4, first_wait_seconds: 10, quota_wait_minutes: 60 }
`,
  );
  return `# Secrets come from the environment or .env: as \${NAME} here, or under the names in .env.example.
# Environments (dev, production) differ only by variables; BIZOPS_ENV says where dbt builds.
pipelines:
${pipelines.join("")}transform:
  project: . # mapping/ and models/ are yours; the reports are those of @bizops/dbt
  after_run: true
`;
}

function renderVariables({ taps, target }: ProjectFacts, key: string): string {
  const render = ({ name, variables }: Connector) => [
    `# ${name}`,
    ...variables.flatMap((each) => [`# ${each.description}`, `# ${each.name}=`]),
    "",
  ];
  return [
    `# ${keyVariable.description}`,
    `${keyVariable.name}=${key}`,
    "",
    ...[target, ...taps].flatMap(render),
  ].join("\n");
}

const mappingReadme = `# Mapping

How fields of your sources become the common data model. \`bizops mapping generate SOURCE\` (npm install
@bizops/mapping) proposes a file for each source here and writes models/generated/ from it; what you choose yourself is
never overwritten. \`bizops mapping check\` lists what is missing.
`;

const modelsReadme = `# Your own models

Refer to those of @bizops/dbt by name: \`{{ ref('fct_sao') }}\`. What is called \`fct_\`, \`rpt_\` or \`cdm_\` there keeps
its columns. generated/ is written by \`bizops mapping generate\`.
`;

function renderDbtProject(dbtPackage: string): string {
  return `# Your dbt project: your models, and the reports of the package @bizops/dbt, which npm upgrades.
name: company
version: 0.1.0
config-version: 2
profile: bizops # of @bizops/dbt: wholly from the environment

model-paths: [models, ${dbtPackage}/models/intermediate, ${dbtPackage}/models/marts]
macro-paths: [macros, ${dbtPackage}/macros]
seed-paths: [seeds, ${dbtPackage}/seeds]
test-paths: [tests, ${dbtPackage}/tests]
snapshot-paths: [snapshots, ${dbtPackage}/snapshots]

flags:
  send_anonymous_usage_stats: false
  warn_error_options:
    silence: [JinjaLogWarning]

models:
  company:
    +materialized: view

# vars:
#   warehouse_timezone: Europe/Amsterdam
`;
}
