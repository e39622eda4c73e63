/** A real, headless Chromium, and what a person would see on a dashboard of Superset. */
/// <reference lib="dom" />
import { existsSync, writeFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** One chart as it is shown. */
export interface ShownChart {
  readonly title: string;
  readonly text: string;
  /** A drawing, a table's rows or a number; not a spinner, an error or "no results". */
  readonly hasData: boolean;
}

export interface Viewer {
  readonly page: Page;
  /** Opens a dashboard and waits until every chart has an answer. */
  open(slug: string): Promise<ShownChart[]>;
  close(): Promise<void>;
}

/** @throws naming the system package if there is no Chromium */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.BIZOPS_CHROMIUM ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) {
    throw new Error(`${executablePath} is missing: install the system package chromium`);
  }
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** Logs in through the form, as a person does. */
export async function logIn(url: string, password: string): Promise<Viewer> {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
  // With other suites on the same cores the first page of Superset takes its time.
  page.setDefaultTimeout(240_000);
  await page.goto(`${url}/login/`);
  await page.fill("input#username", "admin");
  await page.fill("input#password", password);
  await page.click("button[type=submit]");
  await page.waitForURL(/welcome/);
  return {
    page,
    async open(slug) {
      await page.setViewportSize({ width: 1500, height: 900 });
      await page.goto(`${url}/superset/dashboard/${slug}/`);
      await page.waitForSelector(".dashboard-component-chart-holder");
      // Charts below the window's edge are not asked for until they come into sight.
      const height = await page.evaluate(
        () => document.querySelector(".dashboard-content")?.scrollHeight ?? 0,
      );
      await page.setViewportSize({ width: 1500, height: height + 250 });
      await page.waitForFunction(() => {
        const charts = [...document.querySelectorAll(".dashboard-component-chart-holder")];
        const settled =
          "canvas, svg.pvtSvg, table, .header-line, [role=alert], .ant-empty, .missing-chart-container";
        return charts.every((chart) => {
          const isLoading = chart.querySelector("[data-test=loading-indicator], .loading") !== null;
          return !isLoading && chart.querySelector(settled) !== null;
        });
      });
      return page.evaluate(readCharts);
    },
    close: () => browser.close(),
  };
}

/** A picture of the page once nothing on it moves any more. */
export async function takePicture(page: Page, path: string): Promise<void> {
  let last = await page.screenshot();
  for (let next = await page.screenshot(); !next.equals(last); next = await page.screenshot()) {
    last = next;
  }
  writeFileSync(path, last);
}

/** Runs in the page. */
function readCharts(): ShownChart[] {
  return [...document.querySelectorAll<HTMLElement>(".dashboard-component-chart-holder")].map(
    (chart) => {
      const text = chart.innerText;
      const title = chart.querySelector<HTMLElement>(".header-title")?.innerText ?? "";
      const isBroken = chart.querySelector("[role=alert], .ant-empty, .missing-chart-container");
      const isBlank = /No results|No data|Unexpected error|Data error|N\/A$/.test(text.trim());
      const isDrawn = chart.querySelector("canvas, tbody tr td, .header-line") !== null;
      return { title: title.trim(), text, hasData: isDrawn && isBroken === null && !isBlank };
    },
  );
}
