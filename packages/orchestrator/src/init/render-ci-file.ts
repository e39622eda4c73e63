/** `.gitlab-ci.yml` of a new project. Pure. */

/**
 * One job a pipeline, then the transformation: by itself on the default branch and on schedules, by hand elsewhere,
 * to save the sources' quota. https://docs.gitlab.com/ci/yaml/
 */
export function renderCiFile(pipelines: readonly string[]): string {
  const jobs = pipelines.map(
    (name) => `
load ${name}:
  extends: .production or by hand
  stage: load
  resource_group: ${name}
  script:
    - npx bizops run ${name} --no-transform
  # Not available, or quota spent: the other sources are still worth transforming.
  allow_failure:
    exit_codes: [4, 6]
`,
  );
  return `# Secrets are CI/CD variables, masked and protected, under the names in .env.example.
stages: [load, transform]

default:
  image: node:22-bookworm # has Python 3.11, which dbt runs on
  before_script:
    - npm ci --prefer-offline --cache .npm
  cache:
    key:
      files: [package-lock.json]
    paths: [.npm/, .bizops/cache/]
  artifacts:
    when: always
    expire_in: 1 week
    paths: [.bizops/logs/, .bizops/dbt/logs/]

.production or by hand:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" || $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      variables:
        BIZOPS_ENV: production
    - when: manual
      allow_failure: true
${jobs.join("")}
transform:
  extends: .production or by hand
  stage: transform
  resource_group: transform
  script:
    - npx bizops transform
`;
}
