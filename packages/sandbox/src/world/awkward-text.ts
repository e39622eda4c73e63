/** Free text as people really leave it in a CRM, chosen to trip careless readers. */
import type { Dice } from "./dice.ts";
import { SCRIPTED_ROWS } from "./lifecycle.ts";

const AWKWARD = [
  'He said "call back", twice.',
  "first line\nsecond line\r\nthird line",
  "tab\there, comma, semicolon; pipe | backtick ` caret ^",
  "emoji 🚀👩‍💻 and a family of combining marks: é ñ ạ̈",
  "line separator\u2028and paragraph separator\u2029inside",
  "null",
  "\\N and \\n and C:\\temp\\new",
  "=SUM(A1:A9)",
  'trailing quote"',
  "日本語のメモ、全角カンマ",
  "<b>not html</b> & &amp; 'single'",
  '"',
] as const;

const PLAIN = [
  "Met at the booth, asked for pricing.",
  "Evaluating two vendors; decision expected this quarter.",
  "Champion left, re-engage with finance.",
  "Wants an export to the warehouse every night.",
  "Renewal discussion, multi-year if discount.",
] as const;

/** Longest text a long text area holds, in characters. */
export const LONGEST_TEXT = 32_000;

/** A description: mostly none or plain, awkward for the first rows and now and then, very long once. */
export function freeText(dice: Dice, index: number): string | null {
  if (index < AWKWARD.length) return AWKWARD[index] as string;
  if (index === AWKWARD.length) return longText();
  const roll = dice(index);
  if (index < SCRIPTED_ROWS || roll < 0.03) {
    return AWKWARD[Math.floor(dice(index, 1) * AWKWARD.length)] as string;
  }
  if (roll < 0.0302) return longText();
  return roll < 0.35 ? (PLAIN[Math.floor(dice(index, 2) * PLAIN.length)] as string) : null;
}

function longText(): string {
  const sentence = 'A very long note, "quoted", with commas,\nand line breaks. ';
  const enough = sentence.repeat(Math.ceil(LONGEST_TEXT / sentence.length));
  return `${enough.slice(0, LONGEST_TEXT - 1)}.`;
}
