/** How many calls the vendor takes: a hundred in any 20 seconds, and so many a day. */
import { MarketoError } from "../vendor-error.ts";

const WINDOW_SECONDS = 20;

export interface CallLimits {
  /** Counts one call. @throws MarketoError 606 or 607 */
  spend(): void;
  used(): number;
}

/**
 * @param inWindow calls in any 20 seconds
 * @param inDay calls a day; the day ends when the company's clock moves
 * @param dayOf the day it is
 */
export function makeCallLimits(inWindow: number, inDay: number, dayOf: () => number): CallLimits {
  let recent: number[] = [];
  let used = 0;
  let day = dayOf();
  const startDay = (): void => {
    if (day === dayOf()) return;
    day = dayOf();
    used = 0;
  };
  return {
    spend: () => {
      startDay();
      const since = Date.now() - WINDOW_SECONDS * 1000;
      recent = recent.filter((at) => at > since);
      if (recent.length >= inWindow) {
        const message = `Max rate limit '${inWindow}' exceeded with in '${WINDOW_SECONDS}' secs`;
        throw new MarketoError("606", message);
      }
      if (used >= inDay) throw dailyLimitReached(inDay);
      recent.push(Date.now());
      used++;
    },
    used: () => {
      startDay();
      return used;
    },
  };
}

export function dailyLimitReached(inDay: number): MarketoError {
  return new MarketoError("607", `Daily API request limit reached of ${inDay}`);
}
