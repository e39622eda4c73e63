/** The usual way to say who one is. */
import { type Authenticator, fixedCredentials } from "@bizops/http-client";

export function bearerAuth(token: string): Authenticator {
  return fixedCredentials({ Authorization: `Bearer ${token}` });
}
