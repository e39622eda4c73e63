/** Names and labels in forms that can be compared. Pure. */
import { distance } from "fastest-levenshtein";

/** Lower case without a namespace (`acme__Stage__c`), the mark of a custom field and anything but letters and digits. */
export function normaliseName(name: string): string {
  const plain = name.replace(/__[a-z]$/i, "").replace(/^[A-Za-z0-9]+__/, "");
  return plain.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How alike two names are, 0 to 1: letter by letter, or word by word in whatever order. */
export function compareNames(a: string, b: string): number {
  return Math.max(
    likeness(normaliseName(a), normaliseName(b)),
    likeness(sortWords(a), sortWords(b)),
  );
}

function likeness(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 0 : 1 - distance(a, b) / longest;
}

function sortWords(name: string): string {
  return name
    .replace(/__[a-z]$/i, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .sort()
    .join("");
}
