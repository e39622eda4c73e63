import type { Figures } from "./read-figures.ts";
import { renderPage } from "./render-page.ts";

const empty: Figures = {
  saos: 0,
  iacv: 0,
  spend: 0,
  cost_per_lead: null,
  cost_per_sao: null,
  cac: null,
  median_days: null,
  saosBySource: [],
  saosByChannel: [],
  spendByChannel: [],
  iacvByMonth: [],
  saosByModel: [],
  iacvByModel: [],
  channels: [],
};
const channel = {
  spend: 1234.5,
  leads: 2,
  cost_per_lead: 617.25,
  saos: 1.25,
  cost_per_sao: null,
  new_customers: 0.5,
  cac: 2469,
  won_iacv: 0,
  median_days: null,
};

test("a name from the data can end neither the script nor a cell", () => {
  const name = "</script><img src=x onerror=alert(1)>";
  const page = renderPage({
    ...empty,
    channels: [{ ...channel, channel: name }],
    spendByChannel: [{ at: "2026-01", series: name, value: 1 }],
  });
  expect(page).not.toContain("<img src=x");
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;");
});

test("numbers are whole but for shares; what is not known is a dash", () => {
  const page = renderPage({ ...empty, saos: 12, channels: [{ ...channel, channel: "Web" }] });
  expect(page).toContain(
    "<tr><td>Web</td><td>1,235</td><td>2</td><td>617</td><td>1.3</td><td>–</td><td>0.5</td><td>2,469</td><td>0</td><td>–</td></tr>",
  );
  expect(page).toContain("<strong>12</strong>");
});

test("the page asks nobody for anything", () => {
  const page = renderPage(empty);
  expect(page).toContain("default-src 'none'");
  const [, outside = ""] = /^([\s\S]*?)<script>/.exec(page)!;
  expect(outside).not.toMatch(/\b(src|href)=/);
});
