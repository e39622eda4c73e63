/** Describe results in the vendor's shape; a client reads of them what it needs. */
import type { Field, FieldType } from "./field.ts";
import type { SObject } from "./sobject.ts";

/** When the object definitions last changed, for If-Modified-Since. */
export const DEFINED_AT = Date.UTC(2026, 0, 15);

const SOAP_TYPES: Readonly<Record<FieldType, string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  string: "xsd:string",
  textarea: "xsd:string",
  picklist: "xsd:string",
  boolean: "xsd:boolean",
  date: "xsd:date",
  datetime: "xsd:dateTime",
  currency: "xsd:double",
  double: "xsd:double",
  percent: "xsd:double",
  int: "xsd:int",
  email: "xsd:string",
  phone: "xsd:string",
  url: "xsd:string",
  address: "urn:address",
  base64: "xsd:base64Binary",
  anyType: "xsd:anyType",
};

/** One entry of the list of all objects. */
export function summariseObject(object: SObject, version: string): Record<string, unknown> {
  const base = `/services/data/${version}/sobjects/${object.name}`;
  const custom = object.name.endsWith("__c");
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.queryable,
    custom,
    customSetting: false,
    deepCloneable: false,
    deletable: object.queryable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.queryable ? object.keyPrefix : null,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: object.queryable,
    mergeable: false,
    mruEnabled: false,
    name: object.name,
    queryable: object.queryable,
    replicateable: object.changeField !== null,
    retrieveable: object.queryable,
    searchable: object.queryable,
    triggerable: object.queryable,
    undeletable: object.field("IsDeleted") !== undefined,
    updateable: object.queryable,
    urls: {
      sobject: base,
      describe: `${base}/describe`,
      rowTemplate: `${base}/{ID}`,
    },
  };
}

/** The full describe of one object. */
export function describeObject(object: SObject, version: string): Record<string, unknown> {
  return {
    actionOverrides: [],
    ...summariseObject(object, version),
    childRelationships: [],
    compactLayoutable: object.queryable,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields.map(describeField),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [],
    searchLayoutable: object.queryable,
    sobjectDescribeOption: "FULL",
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: "everything" }],
  };
}

function describeField(field: Field): Record<string, unknown> {
  const writable = field.type !== "id" && !field.calculated && field.type !== "address";
  const isText = field.length > 0 && field.type !== "picklist";
  return {
    aggregatable: field.filterable && field.type !== "boolean",
    aiPredictionField: false,
    autoNumber: false,
    byteLength: field.length * 3,
    calculated: field.calculated,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: field.compoundFieldName,
    controllerName: null,
    createable: writable,
    custom: field.custom,
    defaultValue: field.type === "boolean" ? false : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.type === "boolean" || field.type === "id",
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === "int" ? 8 : 0,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: false,
    extraTypeInfo: field.type === "textarea" ? "plaintextarea" : null,
    filterable: field.filterable,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: field.filterable && isText,
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.type === "id",
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.isName,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: writable && field.nillable,
    picklistValues: (field.picklist ?? []).map((value) => ({
      active: true,
      defaultValue: false,
      label: value,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    queryByDistance: false,
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: false,
    scale: field.scale,
    searchPrefilterable: field.type === "reference",
    soapType: SOAP_TYPES[field.type],
    sortable: field.filterable,
    type: field.type,
    unique: false,
    updateable: writable,
    writeRequiresMasterRead: false,
  };
}
