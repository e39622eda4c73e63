/** What other commands and tests share with this one. */
export { discover } from "./discover.ts";
export { choosePipelines, type Pipeline, type Project, readProject } from "./project.ts";
export { ensureEnvironment, environmentFolder, findPython } from "./python-environment.ts";
export { readYaml, type YamlFile } from "./read-yaml.ts";
