/** The questions that need no warehouse. */
import { commandPath, runProgram } from "@bizops/testkit";

test("[CLI-1] --help, --version and --about need no settings", async () => {
  const command = commandPath("target-postgres");
  for (const flag of ["--help", "--version", "--about"]) {
    expect(await runProgram(command, [flag])).toMatchObject({ code: 0, stderr: "" });
  }
  const { stdout } = await runProgram(command, ["--about", "--format", "json"]);
  expect(JSON.parse(stdout).capabilities).toContain("state-id");
  expect(await runProgram(command, ["--nonsense"])).toMatchObject({ code: 2 });
});
