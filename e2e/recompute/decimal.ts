/** Exact decimals: sums of money and weights that do not drift. */
import { Decimal as Base } from "decimal.js";

/** 80 significant digits: money of 20 digits times weights of `weightPlaces` loses nothing. */
export const Decimal = Base.clone({ precision: 80 });
export type Decimal = Base;

/** Places a weight has after the point; 1/3 is cut there, and the last touch takes the rest of the 1. */
export const weightPlaces = 40;

export const zero: Decimal = new Decimal(0);
export const one: Decimal = new Decimal(1);

/** The sum, 0 of none. */
export function sum(values: Iterable<Decimal>): Decimal {
  let total = zero;
  for (const value of values) total = total.plus(value);
  return total;
}

/** `numerator / nullif(denominator, 0)`: null too if either is null. */
export function ratio(numerator: Decimal | null, denominator: Decimal | null): Decimal | null {
  if (numerator === null || denominator === null || denominator.isZero()) return null;
  return numerator.div(denominator);
}
