/** Days and instants as text. */
import { bulkDateTime, dateText, restDateTime } from "./render-time.ts";

test.each([
  Date.UTC(2026, 5, 30, 10, 11, 12),
  Date.UTC(2024, 1, 29, 23, 59, 59),
  Date.UTC(1969, 6, 20, 1, 2, 3),
  Date.UTC(2055, 0, 1),
])("%d is written as the vendor writes it", (time) => {
  const iso = new Date(time).toISOString();
  expect(bulkDateTime(time)).toBe(iso);
  expect(restDateTime(time)).toBe(iso.replace("Z", "+0000"));
  expect(dateText(time)).toBe(iso.slice(0, 10));
});
