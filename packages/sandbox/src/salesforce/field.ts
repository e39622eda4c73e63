/** Fields as data: what describe says of them, and how their value is read from a row. */

export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "textarea"
  | "picklist"
  | "boolean"
  | "date"
  | "datetime"
  | "currency"
  | "double"
  | "percent"
  | "int"
  | "email"
  | "phone"
  | "url"
  | "address"
  | "base64"
  | "anyType";

/** Dates and date-times are milliseconds since 1970, decimals are text, addresses are objects. */
export type FieldValue = string | number | boolean | null | AddressValue;

export interface AddressValue {
  readonly city: string | null;
  readonly country: string | null;
  readonly geocodeAccuracy: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly postalCode: string | null;
  readonly state: string | null;
  readonly street: string | null;
}

export interface Field<Row = unknown> {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly custom: boolean;
  readonly calculated: boolean;
  readonly filterable: boolean;
  readonly picklist: readonly string[] | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly compoundFieldName: string | null;
  readonly isName: boolean;
  // A method, so that a field of one kind of row may stand among fields of any.
  read(row: Row): FieldValue;
}

/** What a field may set apart from its type's usual. */
export interface FieldOptions {
  readonly nillable?: boolean;
  readonly calculated?: boolean;
  readonly compoundFieldName?: string;
  readonly relationshipName?: string;
  readonly isName?: boolean;
  readonly precision?: number;
  readonly scale?: number;
}

type Read<Row> = (row: Row) => FieldValue;

/** Makes a field; a name that ends in `__c` is custom, as the vendor has it. */
function field<Row>(
  type: FieldType,
  name: string,
  label: string,
  read: Read<Row>,
  shape: Partial<Field<Row>> = {},
  options: FieldOptions = {},
): Field<Row> {
  return {
    name,
    label,
    type,
    length: 0,
    precision: 0,
    scale: 0,
    nillable: true,
    custom: name.endsWith("__c"),
    calculated: false,
    filterable: true,
    picklist: null,
    referenceTo: [],
    relationshipName: null,
    compoundFieldName: null,
    isName: false,
    ...shape,
    ...options,
    read,
  };
}

export function id<Row>(label: string, read: Read<Row>): Field<Row> {
  return field("id", "Id", label, read, { length: 18, nillable: false });
}

export function lookup<Row>(
  name: string,
  label: string,
  referenceTo: string | readonly string[],
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  const targets = typeof referenceTo === "string" ? [referenceTo] : referenceTo;
  const relation = name.endsWith("__c") ? name.replace(/__c$/, "__r") : name.replace(/Id$/, "");
  const shape = { length: 18, referenceTo: targets, relationshipName: relation };
  return field("reference", name, label, read, shape, options);
}

export function text<Row>(
  name: string,
  label: string,
  length: number,
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("string", name, label, read, { length }, options);
}

/** Text of several lines; a long one (over 255 characters) can be neither filtered nor sorted. */
export function area<Row>(
  name: string,
  label: string,
  length: number,
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("textarea", name, label, read, { length, filterable: length <= 255 }, options);
}

export function picklist<Row>(
  name: string,
  label: string,
  values: readonly string[],
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("picklist", name, label, read, { length: 255, picklist: values }, options);
}

export function flag<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("boolean", name, label, read, { nillable: false });
}

export function date<Row>(name: string, label: string, read: Read<Row>, options?: FieldOptions) {
  return field<Row>("date", name, label, read, {}, options);
}

export function datetime<Row>(
  name: string,
  label: string,
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("datetime", name, label, read, {}, options);
}

export function currency<Row>(
  name: string,
  label: string,
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("currency", name, label, read, { precision: 18, scale: 2 }, options);
}

export function double<Row>(
  name: string,
  label: string,
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("double", name, label, read, { precision: 18, scale: 0 }, options);
}

export function percent<Row>(
  name: string,
  label: string,
  read: Read<Row>,
  options?: FieldOptions,
): Field<Row> {
  return field("percent", name, label, read, { precision: 5, scale: 2 }, options);
}

export function int<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("int", name, label, read);
}

export function email<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("email", name, label, read, { length: 80 });
}

export function phone<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("phone", name, label, read, { length: 40 });
}

export function url<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("url", name, label, read, { length: 255 });
}

/** The REST API gives a path for the content, not the content. */
export function base64<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("base64", name, label, read, { filterable: false, nillable: false });
}

export function anyType<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("anyType", name, label, read, { length: 255, filterable: false });
}

export function address<Row>(name: string, label: string, read: Read<Row>): Field<Row> {
  return field("address", name, label, read, { filterable: false });
}
