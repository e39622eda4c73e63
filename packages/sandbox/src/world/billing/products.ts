/** What the company sells: a catalogue as old as the company. */
import { momentOf } from "../calendar.ts";
import { makeTable, type Table } from "../table.ts";

/** A product, its one rate plan and, for each, its charges share these rows. */
export interface Product {
  readonly key: number;
  readonly name: string;
  readonly sku: string;
  /** Of the base product, with a fee for setting up. */
  readonly isBase: boolean;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

const PRODUCTS = [
  ["Platform", "PLAT"],
  ["Extra Seats", "SEAT"],
  ["Premier Support", "SUPP"],
] as const;

/** The charges of product k are 2k, and 2k + 1 if it has a fee for setting up. */
export interface Products {
  products(): Table<Product>;
  charges(): Table<Product>;
}

export function makeProducts(): Products {
  const at = momentOf(0, 0.25);
  const row = (key: number, product: number): Product => {
    const [name, sku] = PRODUCTS[product]!;
    return {
      key,
      name,
      sku,
      isBase: product === 0,
      createdAt: at,
      changedAt: at,
      isDeleted: false,
    };
  };
  return {
    products: () =>
      makeTable<Product>(
        (emit) => {
          for (const key of PRODUCTS.keys()) emit(key, at, false);
        },
        (key) => row(key, key),
      ),
    charges: () =>
      makeTable<Product>(
        (emit) => {
          for (const key of [0, 1, 2, 4]) emit(key, at, false);
        },
        (key) => row(key, Math.floor(key / 2)),
      ),
  };
}
