/** Results as a table that reads well in a terminal and in Markdown. */

/** @param results what takeTurns returns @returns a Markdown table, its columns padded */
export function renderMarkdown(results) {
  const rows = results.map(renderRow);
  // A column no case has anything in is left out: ratios of a tap, ranges of one run.
  const titles = Object.keys(rows[0]).filter((title) => rows.some((row) => row[title] !== ""));
  const lines = [titles, ...rows.map((row) => titles.map((title) => row[title]))];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (text, column) =>
    column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  const [head, ...body] = lines.map((line) => `| ${line.map(pad).join(" | ")} |`);
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [head, `| ${rule.join(" | ")} |`, ...body].join("\n");
}

/** Every value is a text; the first stands on the left, the others are numbers and stand on the right. */
function renderRow({ name, rows, seconds, rowsPerSecond, ratio, ratios = [], ...used }) {
  const range = ratios.length > 1 ? [Math.min(...ratios), Math.max(...ratios)] : [];
  return {
    case: name.replaceAll("|", "\\|"),
    rows: rows.toLocaleString("en"),
    seconds: seconds.toFixed(2),
    "rows/s": Math.round(rowsPerSecond).toLocaleString("en"),
    "x \\copy": ratio?.toFixed(2) ?? "",
    range: range.map((each) => each.toFixed(2)).join(" - "),
    "cpu s": used.cpuSeconds?.toFixed(1) ?? "",
    "peak MiB": used.peakMiB.map((peak) => peak ?? "").join(" + "),
  };
}
