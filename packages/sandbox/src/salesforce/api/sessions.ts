/** Who is logged in, and which refresh token is good. */
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import type { Credentials } from "./credentials.ts";

export const ORGANISATION_ID = recordId(PREFIX.Organization, 1);

export interface Sessions {
  /** Opens a session and gives its access token. */
  open(): string;
  isOpen(token: string): boolean;
  /** Ends one session, or all. */
  expire(token?: string): void;
  isRefreshToken(token: string): boolean;
  /** The refresh token that is good from now on; a new one where tokens rotate, the old one is then dead. */
  nextRefreshToken(): string;
  readonly rotates: boolean;
}

/** @param lifetime seconds until a session ends by itself */
export function makeSessions(
  credentials: Credentials,
  lifetime: number,
  rotates: boolean,
): Sessions {
  const ends = new Map<string, number>();
  let opened = 0;
  let rotations = 0;
  let refreshToken = credentials.refreshToken;
  return {
    rotates,
    open: () => {
      opened++;
      const token = `${ORGANISATION_ID.slice(0, 15)}!sandbox.session.${opened}`;
      ends.set(token, Date.now() + lifetime * 1000);
      return token;
    },
    isOpen: (token) => (ends.get(token) ?? 0) > Date.now(),
    expire: (token) => {
      if (token === undefined) ends.clear();
      else ends.delete(token);
    },
    isRefreshToken: (token) => token === refreshToken,
    nextRefreshToken: () => {
      if (rotates) {
        rotations++;
        refreshToken = `${credentials.refreshToken}-${rotations}`;
      }
      return refreshToken;
    },
  };
}
