/** `npm run docs`: writes docs/connectors out of each connector's own --about. */
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main, root, setUp } from "./setup.mjs";

await main(() => {
  setUp();
  for (const name of ["taps", "targets"].flatMap((group) => readdirSync(join(root, group)))) {
    const about = execFileSync(join(root, "node_modules", ".bin", name), [
      "--about",
      "--format",
      "markdown",
    ]);
    writeFileSync(join(root, "docs", "connectors", `${name}.md`), about);
  }
});
