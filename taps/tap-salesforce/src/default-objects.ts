/** Which objects can be read, and which are read when nobody says otherwise. */

/** What the metrics need. */
export const defaultObjects: ReadonlySet<string> = new Set([
  "Account",
  "Campaign",
  "CampaignMember",
  "Contact",
  "Lead",
  "Opportunity",
  "OpportunityContactRole",
  "OpportunityHistory",
  "User",
]);

/** Objects that want a WHERE of a certain kind, or cannot be asked by SOQL at all. */
const unreadableObjects: ReadonlySet<string> = new Set(
  `ActivityHistory AggregateResult Announcement AppTabMember AttachedContentDocument
  AttachedContentNote CollaborationGroupRecord ColorDefinition CombinedAttachment ContentBody
  ContentDocumentLink ContentFolderItem ContentFolderMember DataStatistics DataType
  DatacloudAddress DatacloudDandBCompany EmailStatus EntityParticle FeedLike FeedSignal
  FeedTrackedChange FieldDefinition FieldHistoryArchive FlexQueueItem FlowVariableView
  FlowVersionView FolderedContentDocument IconDefinition IdeaComment ListViewChartInstance
  LookedUpFromActivity Name NetworkUserHistoryRecent NoteAndAttachment OpenActivity OutgoingEmail
  OutgoingEmailRelation OwnedContentDocument OwnerChangeOptionInfo PicklistValueInfo
  PlatformAction ProcessInstanceHistory QuoteTemplateRichTextData RecordActionHistory
  RelationshipDomain RelationshipInfo SearchLayout SiteDetail UserEntityAccess UserFieldAccess
  UserRecordAccess Vote`.split(/\s+/),
);

/** One object as the list of all objects has it. */
export interface ObjectListing {
  readonly name: string;
  readonly queryable: boolean;
  readonly deprecatedAndHidden?: boolean;
}

export function isReadable({ name, queryable, deprecatedAndHidden }: ObjectListing): boolean {
  return (
    queryable &&
    deprecatedAndHidden !== true &&
    !unreadableObjects.has(name) &&
    // Change events are a stream of their own kind; tags of custom settings answer with an error.
    !/(ChangeEvent|__Tag)$/.test(name)
  );
}
