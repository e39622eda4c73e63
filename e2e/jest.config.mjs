import preset from "../jest.preset.mjs";

export default {
  ...preset,
  testMatch: ["<rootDir>/test/**/*.test.ts", "<rootDir>/recompute/**/*.test.ts"],
  globalSetup: "@bizops/testkit/postgres-setup",
  globalTeardown: "@bizops/testkit/postgres-teardown",
  // Some tests install programs from package registries first.
  testTimeout: 600_000,
};
