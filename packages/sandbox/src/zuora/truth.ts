/** Every row of an object as NDJSON with plain names, deleted ones marked, decimals digit for digit. */
import type { World } from "../world/world.ts";
import type { ZObject, ZType, ZValue } from "./zobject.ts";

export function* writeTruth(object: ZObject, world: World): Generator<string> {
  const table = object.table(world);
  const fields = object.fields.filter(({ exported, refused }) => exported && refused !== "always");
  let text = "";
  for (let position = 0; position < table.count; position++) {
    const row = table.row(position);
    const cells = fields.map(({ name, type, read }) => `"${name}":${render(type, read(row))}`);
    for (const { name, read } of object.joins)
      cells.push(`"${name}Id":${render("text", read(row))}`);
    text += `{${cells.join(",")},"Deleted":${table.isDeleted(position)}}\n`;
    if (text.length > 262_144) {
      yield text;
      text = "";
    }
  }
  yield text;
}

function render(type: ZType, value: ZValue): string {
  if (value === null) return "null";
  if (type === "decimal") return value as string;
  if (type === "date") return `"${new Date(value as number).toISOString().slice(0, 10)}"`;
  if (type === "datetime") return `"${new Date(value as number).toISOString()}"`;
  return JSON.stringify(value);
}
