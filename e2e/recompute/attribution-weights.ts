/** The seven attribution models: which part of an opportunity each touch of its set gets. */
import { daysBetween } from "./calendar.ts";
import type { Day, Instant } from "./common-model.ts";
import { Decimal, one, sum, weightPlaces } from "./decimal.ts";

export const attributionModels = [
  "first_touch",
  "last_touch",
  "lead_creation",
  "linear",
  "u_shaped",
  "w_shaped",
  "time_decay",
] as const;
export type AttributionModel = (typeof attributionModels)[number];

/** A touch as the models see it. */
export interface Timed {
  readonly touched_at: Instant;
  readonly day: Day;
}

/** The instants two positions are sought by. */
export interface Creation {
  /** The earliest `created_at` among the persons having a touch in the set. */
  readonly lead: Instant;
  readonly opportunity: Instant;
}

export interface Weighted<Touch> {
  readonly touch: Touch;
  readonly weight: Decimal;
}

/**
 * The rows of one model. Weights sum to exactly 1.
 * @param touches the set in its order, at least one
 */
export function weigh<Touch extends Timed>(
  model: AttributionModel,
  touches: readonly Touch[],
  creation: Creation,
): Weighted<Touch>[] {
  const whole = (index: number) => [{ touch: touches[index]!, weight: one }];
  switch (model) {
    case "first_touch":
      return whole(0);
    case "last_touch":
      return whole(touches.length - 1);
    case "lead_creation":
      return whole(findLeadCreation(touches, creation.lead));
    case "linear":
      return share(
        touches,
        touches.map(() => one),
      );
    case "u_shaped":
      return share(touches, shapeU(touches.length));
    case "w_shaped":
      return share(touches, shapeW(touches, creation));
    case "time_decay":
      return share(touches, decay(touches));
  }
}

/** "All divided by their total"; "the last touch takes 1 minus the others". */
function share<Touch>(touches: readonly Touch[], parts: readonly Decimal[]): Weighted<Touch>[] {
  const total = sum(parts);
  const weights = parts.slice(0, -1).map((part) => part.div(total).toDecimalPlaces(weightPlaces));
  return [...weights, one.minus(sum(weights))].map((weight, index) => ({
    touch: touches[index]!,
    weight,
  }));
}

/** "The last touch with `touched_at <= c`; else the first touch." */
function findLeadCreation(touches: readonly Timed[], created: Instant): number {
  return Math.max(
    0,
    touches.findLastIndex((touch) => touch.touched_at <= created),
  );
}

/** "n=1: 1; n=2: 0.5 each; n>=3: 0.4, 0.2/(n-2) each, 0.4." */
function shapeU(count: number): Decimal[] {
  if (count < 3) return Array(count).fill(one);
  const end = new Decimal("0.4");
  const middle: Decimal[] = Array(count - 2).fill(new Decimal("0.2").div(count - 2));
  return [end, ...middle, end];
}

/**
 * "First, lead creation (with its fallback) and the last touch with `touched_at <` the opportunity's `created_at`,
 * 0.3 each, a touch in several positions gets the sum; 0.1 shared equally by touches in no position."
 */
function shapeW(touches: readonly Timed[], creation: Creation): Decimal[] {
  const positions = [
    0,
    findLeadCreation(touches, creation.lead),
    touches.findLastIndex((touch) => touch.touched_at < creation.opportunity),
  ];
  const others = touches.filter((_, index) => !positions.includes(index)).length;
  return touches.map((_, index) => {
    const held = positions.filter((position) => position === index).length;
    return held > 0 ? new Decimal("0.3").times(held) : new Decimal("0.1").div(others);
  });
}

/** 2^(-n/7) for n from 0 to 6: the only roots that decay takes. */
const seventhRoots = Array.from({ length: 7 }, (_, n) =>
  new Decimal(2).pow(new Decimal(-n).div(7)),
);

/** "2^(-d/7), d = whole days from the touch to the set's last touch": whole weeks halve, days take a root. */
function decay(touches: readonly Timed[]): Decimal[] {
  const last = touches.at(-1)!.day;
  return touches.map(({ day }) => {
    const days = daysBetween(day, last);
    return seventhRoots[days % 7]!.div(new Decimal(2).pow(Math.floor(days / 7)));
  });
}
