/** The layers of docs/architecture.md: imports only point down. One rule an arrow that must not exist. */
const room = (...names) => `^(packages|taps|targets)/(${names.join("|")})/(src|bin)`;

/** What each package's source may import of ours; what is not listed may import nothing of ours. */
const allowed = {
  singer: [],
  "connector-kit": ["singer"],
  "http-client": ["singer"],
  "run-store": ["singer"],
  "tap-kit": ["singer", "connector-kit"],
  "target-kit": ["singer", "connector-kit"],
  "tap-kit-rest": ["singer", "connector-kit", "http-client", "tap-kit"],
  "tap-kit-bulk": ["singer", "connector-kit", "tap-kit"],
  "tap-[^/]+": [
    "singer",
    "connector-kit",
    "http-client",
    "tap-kit",
    "tap-kit-rest",
    "tap-kit-bulk",
  ],
  "target-[^/]+": ["singer", "connector-kit", "http-client", "target-kit"],
  "python-environment": ["singer"],
  orchestrator: ["singer", "run-store", "python-environment"],
  dashboards: ["singer", "http-client", "python-environment"],
  report: ["singer"],
  "local-postgres": ["singer"],
  "create-connector": ["singer"],
  sandbox: ["singer"],
  demo: ["singer", "local-postgres", "sandbox"],
  mapping: ["singer", "orchestrator"],
  testkit: ["singer", "local-postgres"],
};
/** The patterns of taps and targets would match the kits too. */
const anyKit = (name) =>
  name.includes("[") ? room("tap-kit", "tap-kit-rest", "tap-kit-bulk", "target-kit") : "^$";

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: {
        orphan: true,
        path: "/src/",
        pathNot: "\\.test\\.ts$|/bin\\.ts$|postgres-teardown\\.ts$",
      },
      to: {},
    },
    {
      name: "tests-only-in-tests",
      comment: "only tests may use the testkit",
      severity: "error",
      from: { path: "/src/", pathNot: "\\.test\\.ts$|^packages/testkit/" },
      to: { path: "^packages/testkit/" },
    },
    ...Object.entries(allowed).map(([name, below]) => ({
      name: `layer-of-${name}`,
      severity: "error",
      from: { path: room(name), pathNot: `\\.test\\.ts$|${anyKit(name)}` },
      to: {
        path: "^(packages|taps|targets)/([^/]+)/",
        // $2 is the name of the package the import stands in: a package may import itself.
        pathNot: ["^(packages|taps|targets)/$2/", ...below.map((other) => `^packages/${other}/`)],
      },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules|/dist/" },
    tsConfig: { fileName: "tsconfig.base.json" },
    tsPreCompilationDeps: true,
    exclude: { path: "/(test|node_modules)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "default"],
    },
  },
};
