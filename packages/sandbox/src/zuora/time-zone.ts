/** The tenant's zone: Zuora stores instants and shows them in local time. */

const HOUR = 3_600_000;

/** US Pacific, in which AQuA also takes its `incrementalTime`. */
const FORMAT = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  timeZoneName: "longOffset",
});

/** How far local time is from UTC in milliseconds. */
export function tenantOffset(time: number): number {
  const part = FORMAT.formatToParts(time).find(({ type }) => type === "timeZoneName")!.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(part)!;
  return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * 60_000);
}

/** Writes instants in local time, `2024-05-01T03:00:00-07:00`; formatting is slow, so an hour's offset is kept. */
export function makeLocalWriter(): (time: number) => string {
  const offsets = new Map<number, number>();
  return (time) => {
    const hour = Math.floor(time / HOUR);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      offset = tenantOffset(hour * HOUR);
      offsets.set(hour, offset);
    }
    const local = new Date(time + offset).toISOString().slice(0, 19);
    return `${local}-0${-offset / HOUR}:00`;
  };
}

/** The instant of a local time without offset, `2024-05-01 03:00:00`. */
export function fromLocal(text: string): number {
  const asUtc = Date.parse(`${text.replace(" ", "T")}Z`);
  return asUtc - tenantOffset(asUtc - tenantOffset(asUtc));
}
