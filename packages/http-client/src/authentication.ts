/** Who we are to a source: fixed headers, or a token that is fetched once and renewed when refused. */

/** What a request is sent with. */
export interface Credentials {
  readonly headers: { readonly [name: string]: string };
  /** Where the source told us to go; relative URLs are resolved against it. */
  readonly baseUrl?: string;
}

export interface Authenticator {
  /** @throws AuthError if there is no way in */
  authorize(): Promise<Credentials>;
  /** Called after `refused` was answered with 401. Absent: there is nothing to renew. */
  renew?(refused: Credentials): Promise<void>;
}

/** Credentials that never change. */
export function fixedCredentials(headers: Credentials["headers"]): Authenticator {
  return { authorize: async () => ({ headers }) };
}

/**
 * Logs in at the first request and again when the credentials are refused; requests that need this at the
 * same time share one login.
 * @param login its errors pass through
 */
export function sessionCredentials(login: () => Promise<Credentials>): Authenticator {
  let session: Promise<Credentials> | undefined;
  let current: Credentials | undefined;
  const open = () => {
    session ??= login().then(
      (credentials) => {
        current = credentials;
        return credentials;
      },
      (error) => {
        session = undefined;
        throw error;
      },
    );
    return session;
  };
  return {
    authorize: open,
    async renew(refused) {
      // Another request may have renewed already.
      if (refused === current) session = undefined;
      await open();
    },
  };
}
