/** Intake: the day of a row and the rows up to a day say the same thing. */
import fc from "fast-check";
import { makeIntake } from "./intake.ts";

test("a row is counted through its day and not through the day before", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 50_000 }),
      fc.double({ min: 0.1, max: 60, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.nat(100_000),
      (base, perDay, early, index) => {
        const intake = makeIntake(base, perDay, 0, early);
        const day = intake.dayOf(index);
        expect(intake.countThrough(day)).toBeGreaterThan(index);
        expect(intake.countThrough(day - 1)).toBeLessThanOrEqual(index);
        expect(intake.dayOf(index + 1)).toBeGreaterThanOrEqual(day);
      },
    ),
  );
});

test("the base is there at the base now, and each day adds to it", () => {
  expect(makeIntake(500, 2, 0).total).toBe(500);
  expect(makeIntake(500, 2, 3).total).toBe(506);
});
