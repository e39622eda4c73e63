/** Every report from the rows of the common data model, by plain loops: the referee of the dbt models. */
import { reportAcquisitionCost } from "./acquisition-cost.ts";
import { findTouched, giveCredit, reportAttribution } from "./attribution.ts";
import { reportChannelEconomics } from "./channel-economics.ts";
import { reportCollateral } from "./collateral.ts";
import type { CommonModel } from "./common-model.ts";
import { reportConversion } from "./conversion.ts";
import { countOpportunities } from "./counted-opportunities.ts";
import { resolveIdentity } from "./identity.ts";
import { attributeLeads, placeSpend } from "./marketing-facts.ts";
import type { Reports } from "./reports.ts";
import { prepareRetention } from "./retention.ts";
import { reportSaos, reportSaosByCampaign, reportSaosBySource } from "./saos.ts";
import type { Settings } from "./settings.ts";
import { prepareTouchSets, resolveTouches } from "./touch-sets.ts";

/** All report models; rows in no particular order. */
export function recomputeReports(model: CommonModel, settings: Settings): Reports {
  const { as_of } = settings;
  const identity = resolveIdentity(model);
  const touches = resolveTouches(model, identity, settings.warehouse_timezone);
  const touchSet = prepareTouchSets(touches, identity, model.cdm_opportunity_person);
  const counted = countOpportunities(model.cdm_opportunity, identity, settings);
  const touched = findTouched(counted, touchSet);
  const credits = giveCredit(touched);
  const byDefault = credits.filter((row) => row.model === settings.default_attribution_model);
  const accepted = byDefault.filter((row) => row.measure === "sao");
  const won = byDefault.filter((row) => row.measure === "iacv");
  const spend = placeSpend(model.cdm_spend, identity);
  const leads = attributeLeads(touches, identity);
  const retention = prepareRetention(model.cdm_subscription, identity, settings);
  const conversion = reportConversion(won, settings);
  const facts = { spend, leads, won, conversion };
  const saos = reportSaos(counted);
  return {
    fct_sao: saos,
    fct_attribution: reportAttribution(credits),
    rpt_sao_by_source: reportSaosBySource(saos, as_of),
    rpt_sao_by_campaign: reportSaosByCampaign(credits, identity, as_of),
    rpt_acquisition_cost: reportAcquisitionCost(spend, leads, accepted, identity, as_of),
    rpt_conversion: conversion,
    rpt_channel_economics: reportChannelEconomics(facts, retention, identity, settings),
    rpt_collateral_usage: reportCollateral(touches, touched, byDefault),
  };
}
