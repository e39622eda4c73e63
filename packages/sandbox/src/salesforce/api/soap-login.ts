/** The partner API's login call, the way in for username, password and security token. */
import type { Call, Reply } from "../../http/exchange.ts";
import { textReply } from "../../http/exchange.ts";
import { userId } from "../objects/audit-fields.ts";
import type { Credentials } from "./credentials.ts";
import type { Sessions } from "./sessions.ts";
import { ORGANISATION_ID } from "./sessions.ts";

/** POST /services/Soap/u/XX.0; a fault is HTTP 500. */
export function answerSoapLogin(
  call: Call,
  version: string,
  sessions: Sessions,
  credentials: Credentials,
  baseUrl: string,
  sessionSeconds: number,
): Reply {
  if (!/<(?:\w+:)?login[\s>]/.test(call.body)) {
    return fault("UNKNOWN_EXCEPTION", "Only login is served here; use the REST API for the rest.");
  }
  const username = elementText(call.body, "username");
  const password = elementText(call.body, "password");
  if (username === null || password === null) {
    return fault(
      "INVALID_LOGIN",
      "Invalid username, password, security token; or user locked out.",
    );
  }
  const { username: known, password: secret, securityToken } = credentials;
  if (username !== known || password !== secret + securityToken) {
    return fault(
      "INVALID_LOGIN",
      "Invalid username, password, security token; or user locked out.",
    );
  }
  const server = `${baseUrl}/services/Soap/u/${version}/${ORGANISATION_ID.slice(0, 15)}`;
  const body = `<loginResponse><result><metadataServerUrl>${server.replace("/u/", "/m/")}</metadataServerUrl><passwordExpired>false</passwordExpired><sandbox>false</sandbox><serverUrl>${server}</serverUrl><sessionId>${sessions.open()}</sessionId><userId>${userId(0)}</userId><userInfo><organizationId>${ORGANISATION_ID}</organizationId><organizationName>BizOps Sandbox</organizationName><sessionSecondsValid>${sessionSeconds}</sessionSecondsValid><userEmail>${known}</userEmail><userFullName>Demo User</userFullName><userId>${userId(0)}</userId><userName>${known}</userName><userTimeZone>UTC</userTimeZone><userType>Standard</userType></userInfo></result></loginResponse>`;
  return textReply(
    200,
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
    "text/xml;charset=UTF-8",
  );
}

function fault(code: string, message: string): Reply {
  return textReply(
    500,
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault><faultcode>${code}</faultcode><faultstring>${code}: ${message}</faultstring><detail><sf:LoginFault xsi:type="sf:LoginFault"><sf:exceptionCode>${code}</sf:exceptionCode><sf:exceptionMessage>${message}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>`,
    "text/xml;charset=UTF-8",
  );
}

/** The text of an element, whatever its namespace prefix, with entities and CDATA resolved. */
function elementText(xml: string, name: string): string | null {
  const found = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([\\s\\S]*?)</(?:\\w+:)?${name}>`).exec(
    xml,
  );
  if (!found) return null;
  const cdata = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/.exec(found[1]!);
  return cdata ? cdata[1]! : decodeEntities(found[1]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (all, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? all;
  });
}
