/** A connection that is made again when it is lost. */
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@bizops/singer";
import type { Client } from "pg";
import { describeServer, openConnection } from "./connection.ts";
import { isConnectionLost, translateError } from "./translate-error.ts";

type Settings = { readonly [name: string]: unknown };

/** A piece of work on a connection. `attempt` counts from 0. */
export type Work<T> = (client: Client, attempt: number) => Promise<T>;

const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** Serialization failure, deadlock, a table gone since it was looked at: the next attempt finds things settled. */
const refusals = new Set(["40001", "40P01", "42P01"]);
/** What MERGE meets when another writer was quicker; the second time it is the data. */
const uniqueViolation = "23505";

/** Runs work, and runs it again where the server was lost under it or asks for it. */
export class Session {
  readonly #settings: Settings;
  readonly #log: Log;
  #client: Client | undefined;
  #closing = false;

  private constructor(settings: Settings, log: Log, client: Client) {
    this.#settings = settings;
    this.#log = log;
    this.#client = client;
  }

  /** @throws AuthError, ConfigError, UnavailableError */
  static async open(settings: Settings, log: Log): Promise<Session> {
    return new Session(settings, log, await openConnection(settings));
  }

  /**
   * @param work must leave nothing behind when it fails, or find out on a further attempt what it left
   * @param repeatable false: a failure is final
   * @throws AuthError, ConfigError, ContractError, UnavailableError
   */
  async run<T>(work: Work<T>, { repeatable = true } = {}): Promise<T> {
    const patience = 1000 * (this.#settings.reconnect_seconds as number);
    let givenUpAt: number | undefined;
    let pause = firstPauseMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.#client ??= await openConnection(this.#settings);
        return await work(this.#client, attempt);
      } catch (error) {
        const lost = isConnectionLost(error);
        if (lost) this.#drop();
        givenUpAt ??= Date.now() + patience;
        const mayPass = !this.#closing && (lost || isRefused(error, attempt));
        if (!repeatable || !mayPass || Date.now() + pause > givenUpAt) throw this.#translate(error);
        const server = describeServer(this.#settings);
        const what = lost ? "connection lost" : "a transaction met another one";
        this.#log.warning(`PostgreSQL at ${server}: ${what}; trying again`);
        await delay(pause);
        pause = Math.min(2 * pause, longestPauseMs);
      }
    }
  }

  /** Nothing is tried again from now on. */
  stopTrying(): void {
    this.#closing = true;
  }

  /** Once its work has ended. */
  async close(): Promise<void> {
    await this.#client?.end();
  }

  #drop(): void {
    // Why it ended is known already.
    this.#client?.end().catch(() => {});
    this.#client = undefined;
  }

  #translate(error: unknown): unknown {
    return translateError(error, describeServer(this.#settings));
  }
}

function isRefused(error: unknown, attempt: number): boolean {
  const { code = "" } = error as { code?: string };
  return refusals.has(code) || (code === uniqueViolation && attempt === 0);
}
