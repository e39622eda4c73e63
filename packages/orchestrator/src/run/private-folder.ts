/** Files for the programs of one run: they may hold secrets, so we alone can read them, and they go after it. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PrivateFolder {
  /** @returns its path */
  write(name: string, content: object | string): string;
  remove(): void;
}

/** Makes a folder for a pipeline of a project. */
export function createPrivateFolder(projectFolder: string, pipeline: string): PrivateFolder {
  const folder = mkdtempSync(join(tmpdir(), prefixOf(projectFolder, pipeline)));
  return {
    write(name, content) {
      const file = join(folder, name);
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Removes what a killed run left behind. The pipeline's lock must be held. */
export function removeLeftFolders(projectFolder: string, pipeline: string): void {
  const prefix = prefixOf(projectFolder, pipeline);
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(prefix)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** Ends in a sign that no pipeline's name has. */
function prefixOf(projectFolder: string, pipeline: string): string {
  const project = createHash("sha256").update(projectFolder).digest("hex").slice(0, 8);
  return `bizops-${project}-${pipeline}-`;
}
