/** Export files: RFC 4180 with the word null for no value, so that the text "null" comes in quotes. */

export type Cell = string | number | boolean | null;

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(renderCell).join(",")}\n`;
}

function renderCell(cell: Cell): string {
  if (cell === null) return "null";
  if (typeof cell !== "string") return String(cell);
  return cell === "null" || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
