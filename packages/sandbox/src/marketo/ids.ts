/** Marketo's ids are plain numbers, one series for each kind. */

export const leadId = (key: number): number => 1_000 + key;
export const programId = (key: number): number => 1_001 + key;
export const emailId = (key: number): number => 3_000_001 + key;
export const landingPageId = (key: number): number => 4_000_001 + key;
export const listId = (key: number): number => 5_000_001 + key;

/** A program's smart campaigns: one sends, one listens. */
export const campaignId = (programKey: number, listens: boolean): number =>
  6_000_001 + programKey * 2 + (listens ? 1 : 0);

export function activityGuid(key: number): string {
  return `sandbox-${String(key).padStart(12, "0")}`;
}

/** `2026-06-30T10:11:12Z` */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Assets spell the zone twice: `2013-02-19T23:25:30Z+0000`. */
export function assetTimeText(time: number): string {
  return `${timeText(time)}+0000`;
}

export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
