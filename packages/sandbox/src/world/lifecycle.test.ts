/** Lifecycle: every day edits some base rows, and deletions are spread over days. */
import { HISTORY_DAYS } from "./calendar.ts";
import { makeIntake } from "./intake.ts";
import { makeLifecycle, SCRIPTED_ROWS } from "./lifecycle.ts";

const indexes = [...Array(200).keys()];

test("each day is the latest edit of at least one row", () => {
  const lifecycle = makeLifecycle(1, "x", makeIntake(200, 1, 0), 0);
  for (let day = HISTORY_DAYS; day < HISTORY_DAYS + 30; day++) {
    expect(indexes.some((index) => lifecycle.editOf(index, 0, day)?.day === day)).toBe(true);
  }
});

test("an edit lies after creation and its revisions count up", () => {
  const lifecycle = makeLifecycle(1, "x", makeIntake(200, 1, 0), 0);
  for (const index of indexes) {
    let revision = 0;
    for (let day = 500; day < 900; day++) {
      const edit = lifecycle.editOf(index, 500, day);
      if (!edit) continue;
      expect(edit.day).toBeGreaterThan(500);
      expect(edit.day).toBeLessThanOrEqual(day);
      expect(edit.revision - revision).toBe(edit.day === day ? 1 : 0);
      revision = edit.revision;
    }
  }
});

test("one base row is surely deleted on each of the first days, never a scripted one", () => {
  const lifecycle = makeLifecycle(1, "x", makeIntake(200, 1, 0), 1);
  const days = indexes.map((index) => lifecycle.deletedDayOf(index, 0));
  for (let day = HISTORY_DAYS; day < HISTORY_DAYS + 60; day++) expect(days).toContain(day);
  expect(days.slice(0, SCRIPTED_ROWS).every((day) => day === null)).toBe(true);
});
