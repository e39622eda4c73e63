/** `--about`: what a connector is and takes, as text, JSON or Markdown, out of its settings schema. */
import { ConfigError } from "@bizops/singer";
import { environmentNames, type SettingsSchema } from "./settings.ts";

/** What a connector says of itself. */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The vendor's documentation. */
  readonly doc?: string;
  /** `about`, `discover`, `catalog`, `state`, `state-id`, ... */
  readonly capabilities: readonly string[];
  readonly settings: SettingsSchema;
}

/**
 * @param format `text` (default), `json` or `markdown`
 * @throws ConfigError on another format
 */
export function renderAbout(about: About, format = "text"): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(about, null, 2)}\n`;
    case "markdown":
      return renderMarkdown(about);
    case "text":
      return renderText(about);
    default:
      throw new ConfigError(`--format must be text, json or markdown, not ${format}`);
  }
}

interface SettingRow {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly fallback: string;
  readonly environment: string;
  readonly description: string;
}

function settingRows({ name: connector, settings }: About): SettingRow[] {
  return Object.entries(settings.properties).map(([name, setting]) => ({
    name,
    type: [setting.type].flat().join(" | "),
    required: settings.required?.includes(name) ?? false,
    fallback: setting.default === undefined ? "" : JSON.stringify(setting.default),
    environment: environmentNames(connector, name, setting).join(", "),
    description:
      setting.description +
      (setting["x-aliases"] ? ` Also read as ${setting["x-aliases"].join(", ")}.` : ""),
  }));
}

function renderText(about: About): string {
  return [
    `${about.name} ${about.version}: ${about.description}`,
    ...(about.doc ? [`Source: ${about.doc}`] : []),
    `Capabilities: ${about.capabilities.join(", ")}`,
    "",
    "Settings:",
    ...settingRows(about).flatMap((row) => [
      `  ${row.name} (${row.type}${row.required ? ", required" : ""}${row.fallback && `, default ${row.fallback}`})`,
      `      ${row.description}`,
      `      ${row.environment}`,
    ]),
    "",
  ].join("\n");
}

function renderMarkdown(about: About): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  return [
    `# ${about.name}`,
    "",
    about.description,
    ...(about.doc ? ["", `Source: <${about.doc}>`] : []),
    "",
    `Capabilities: ${about.capabilities.join(", ")}`,
    "",
    "| setting | type | default | environment | |",
    "|---|---|---|---|---|",
    ...settingRows(about).map(
      (row) =>
        `| \`${row.name}\`${row.required ? " *" : ""} | ${cell(row.type)} | ${row.fallback && `\`${cell(row.fallback)}\``} | ${row.environment} | ${cell(row.description)} |`,
    ),
    "",
  ].join("\n");
}
