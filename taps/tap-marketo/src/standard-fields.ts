/** Text fields that every subscription has and that are read by default; text of the user's own has to be selected. */
export const standardTextFields: ReadonlySet<string> = new Set(
  `firstName middleName lastName email company title department phone mobilePhone fax address city state
  postalCode country billingCity billingState billingCountry billingPostalCode industry website mainPhone
  leadSource leadStatus leadRole leadPerson rating salutation site sicCode
  originalSourceType originalSourceInfo originalReferrer originalSearchEngine originalSearchPhrase
  registrationSourceType registrationSourceInfo acquisitionProgramId leadPartitionId personType
  inferredCompany inferredCountry inferredCity inferredStateRegion anonymousIP
  sfdcType sfdcId sfdcLeadId sfdcContactId sfdcAccountId sfdcLeadOwnerId`.split(/\s+/),
);
