/** Decimals as text, so that a value has the digits it was given and no others. */

/** A decimal with at least one and at most `places` digits after the point. */
export function decimalText(value: number, places: number): string {
  const text = value.toFixed(places);
  if (!text.includes(".")) return `${text}.0`;
  const cut = text.replace(/0+$/, "");
  return cut.endsWith(".") ? `${cut}0` : cut;
}
