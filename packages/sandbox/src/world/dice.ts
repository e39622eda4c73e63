/** Deterministic chance: a number that depends on nothing but seed, label, index and part. */

/** Gives a number in [0, 1) for a row's index, and for a part of that row where it needs several. */
export type Dice = (index: number, part?: number) => number;

/** A dice for one attribute; two labels, or two seeds, give unrelated numbers. */
export function makeDice(seed: number, label: string): Dice {
  let base = mix((seed | 0) ^ 0x9e3779b9);
  for (let i = 0; i < label.length; i++) base = mix(base ^ label.charCodeAt(i));
  return (index, part = 0) => {
    const once = mix(base ^ Math.imul(index + 1, 0x9e3779b1));
    return mix(once ^ Math.imul(part + 1, 0x85ebca77)) / 4294967296;
  };
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The element a roll in [0, 1) falls on. */
export function pick<T>(list: readonly T[], roll: number): T {
  return list[Math.floor(roll * list.length)] as T;
}

/** The element a roll falls on where elements have unequal weights; weights sum to 1. */
export function pickWeighted<T>(choices: readonly (readonly [T, number])[], roll: number): T {
  let rest = roll;
  for (const [value, weight] of choices) {
    rest -= weight;
    if (rest < 0) return value;
  }
  return (choices[choices.length - 1] as readonly [T, number])[0];
}

/** A roughly normal number (mean 0, deviation 1) out of four rolls. */
export function bell(dice: Dice, index: number): number {
  const sum = dice(index, 1) + dice(index, 2) + dice(index, 3) + dice(index, 4);
  return (sum - 2) * Math.sqrt(3);
}
