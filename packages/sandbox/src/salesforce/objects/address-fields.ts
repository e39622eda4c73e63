/** An address as the vendor keeps it: six parts, and one compound field that repeats them. */
import type { Place } from "../../world/accounts.ts";
import type { Field } from "../field.ts";
import { address, area, double, picklist, text } from "../field.ts";

/** @param prefix "Billing", "Mailing", ... or "" for a lead's only address */
export function addressFields<Row>(
  prefix: string,
  placeOf: (row: Row) => Place | null,
): Field<Row>[] {
  const compound = `${prefix}Address`;
  const part = { compoundFieldName: compound };
  const label = prefix === "" ? "" : `${prefix} `;
  const decimal = (value: number | null | undefined) => (value == null ? null : String(value));
  return [
    area(`${prefix}Street`, `${label}Street`, 255, (row) => placeOf(row)?.street ?? null, part),
    text(`${prefix}City`, `${label}City`, 40, (row) => placeOf(row)?.city ?? null, part),
    text(
      `${prefix}State`,
      `${label}State/Province`,
      80,
      (row) => placeOf(row)?.state ?? null,
      part,
    ),
    text(
      `${prefix}PostalCode`,
      `${label}Zip/Postal Code`,
      20,
      (row) => placeOf(row)?.postalCode ?? null,
      part,
    ),
    text(`${prefix}Country`, `${label}Country`, 80, (row) => placeOf(row)?.country ?? null, part),
    double(`${prefix}Latitude`, `${label}Latitude`, (row) => decimal(placeOf(row)?.latitude), {
      ...part,
      scale: 15,
    }),
    double(`${prefix}Longitude`, `${label}Longitude`, (row) => decimal(placeOf(row)?.longitude), {
      ...part,
      scale: 15,
    }),
    picklist(
      `${prefix}GeocodeAccuracy`,
      `${label}Geocode Accuracy`,
      ACCURACIES,
      (row) => accuracyOf(placeOf(row)),
      part,
    ),
    address(compound, `${label}Address`, (row) => {
      const place = placeOf(row);
      if (!place || (place.street === null && place.country === null)) return null;
      return { ...place, geocodeAccuracy: accuracyOf(place) };
    }),
  ];
}

const ACCURACIES = ["Address", "NearAddress", "Block", "Street", "Zip", "City", "State", "Unknown"];

function accuracyOf(place: Place | null): string | null {
  return place && place.latitude !== null ? "City" : null;
}
