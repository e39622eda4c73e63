import preset from "../../jest.preset.mjs";

export default {
  ...preset,
  globalSetup: "@bizops/testkit/postgres-setup",
  globalTeardown: "@bizops/testkit/postgres-teardown",
};
