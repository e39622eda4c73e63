/** Which objects are read when nobody says otherwise, and what Zuora is known to refuse. */

/** What the metrics need. */
export const defaultObjects: ReadonlySet<string> = new Set([
  "Account",
  "Amendment",
  "Invoice",
  "InvoiceItem",
  "Payment",
  "Product",
  "ProductRatePlan",
  "ProductRatePlanCharge",
  "RatePlan",
  "RatePlanCharge",
  "Subscription",
]);

/** Fields that describe calls exportable and exports by the REST API refuse. */
const refusedByRest: { readonly [object: string]: string } = {
  Account: "SequenceSetId",
  Amendment: "BookingDate EffectivePolicy NewRatePlanId RemovedRatePlanId SubType",
  BillingRun: "BillingRunType NumberOfCreditMemos PostedDate",
  Export: "Encoding",
  Invoice: "PaymentTerm SourceType TaxMessage TaxStatus TemplateId",
  InvoiceItem: "Balance ExcludeItemBillingFromRevenueAccounting",
  InvoiceItemAdjustment: "ExcludeItemBillingFromRevenueAccounting",
  PaymentMethod: "StoredCredentialProfileId",
  ProductRatePlanCharge:
    "ExcludeItemBillingFromRevenueAccounting ExcludeItemBookingFromRevenueAccounting",
  RatePlanCharge: `AmendedByOrderOn CreditOption DrawdownRate DrawdownUom IsPrepaid OriginalOrderDate
    ExcludeItemBillingFromRevenueAccounting ExcludeItemBookingFromRevenueAccounting PaymentTermSnapshot
    PrepaidOperationType PrepaidQuantity PrepaidTotalQuantity PrepaidUom ValidityPeriodType`,
  Subscription: "IsLatestVersion LastBookingDate PaymentTerm Revision",
  TaxationItem: "Balance CreditAmount PaymentAmount",
  Usage: "ImportId",
};

export function isRefusedByRest(object: string, field: string): boolean {
  return (refusedByRest[object] ?? "").split(/\s+/).includes(field);
}

/**
 * Objects whose deleted rows AQuA does not tell of.
 * https://docs.zuora.com/en/zuora-platform/data/aggregate-query-api-aqua/post-query/export-deleted-data
 */
const withoutDeleted = new Set(
  `AccountingCode AccountingPeriod ContactSnapshot DiscountAppliedMetrics
  PaymentGatewayReconciliationEventLog PaymentMethodTransactionLog PaymentReconciliationJob
  PaymentReconciliationLog PaymentTransactionLog ProcessedUsage RefundTransactionLog UpdaterBatch
  UpdaterDetail`.split(/\s+/),
);

export function tellsDeleted(object: string): boolean {
  return !withoutDeleted.has(object);
}
