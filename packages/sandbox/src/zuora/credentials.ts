/** The demo's credentials: fixed, and obviously nobody's. */

export interface ZuoraCredentials {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** For AQuA's stateful mode. */
  readonly partnerId: string;
}

export const ZUORA_CREDENTIALS: ZuoraCredentials = {
  username: "zuora-demo@bizops.example",
  password: "zuora-demo-password",
  clientId: "zuora-demo-client-id",
  clientSecret: "zuora-demo-client-secret",
  partnerId: "bizops",
};
