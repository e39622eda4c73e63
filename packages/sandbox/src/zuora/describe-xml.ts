/** What the tenant has, as XML: its objects, and the fields and joins of one. */
import type { ZField, ZObject } from "./zobject.ts";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** https://developer.zuora.com/v1-api-reference/older-api/operation/GET_Describe/ */
export function listXml(objects: readonly ZObject[], baseUrl: string): string {
  const items = objects.map(
    ({ name, label }) =>
      `<object href="${baseUrl}/v1/describe/${name}"><name>${name}</name><label>${label}</label></object>`,
  );
  return `${HEAD}<objects>${items.join("")}</objects>`;
}

export function describeXml(object: ZObject, baseUrl: string): string {
  const { name, label, joins, fields } = object;
  const related = joins.map(
    (join) =>
      `<object href="${baseUrl}/v1/describe/${join.name}"><name>${join.name}</name><label>${join.label}</label></object>`,
  );
  return `${HEAD}<object><name>${name}</name><label>${label}</label><fields>${fields.map(fieldXml).join("")}</fields><related-objects>${related.join("")}</related-objects></object>`;
}

function fieldXml({ name, label, type, required, exported }: ZField): string {
  const contexts = exported ? ["soap", "export"] : ["soap"];
  const inner = contexts.map((context) => `<context>${context}</context>`).join("");
  const length = type === "text" ? "<maxlength>255</maxlength>" : "";
  return `<field><name>${name}</name><label>${label} &amp; more</label><selectable>true</selectable><createable>false</createable><updateable>false</updateable><filterable>true</filterable><custom>${name.endsWith("__c")}</custom>${length}<required>${required}</required><type>${type}</type><options/><contexts>${inner}</contexts></field>`;
}
