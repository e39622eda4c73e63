/** What other commands and tests share with this one. */
export { discover } from "./discover.ts";
export { choosePipelines, type Pipeline, type Project, readProject } from "./project/project.ts";
export { readYaml, type YamlFile } from "./project/read-yaml.ts";
