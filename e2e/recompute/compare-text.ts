/** How text is compared: order by bytes (`collate "C"`), and picklist values without case and margins. */

/** Order of the UTF-8 bytes. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Trimmed, lower case; "" of null. */
export function normalise(value: string | null): string {
  return value?.trim().toLowerCase() ?? "";
}
