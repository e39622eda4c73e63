/** The demo's credentials: fixed, and obviously nobody's. */

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly securityToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

export const DEMO_CREDENTIALS: Credentials = {
  username: "demo@bizops.example",
  password: "demo-password",
  securityToken: "demo-token",
  clientId: "demo-client-id",
  clientSecret: "demo-client-secret",
  refreshToken: "demo-refresh-token",
};
