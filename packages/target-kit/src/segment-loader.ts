/** Segments on their way: what is gathered, what is being loaded, and what may be committed when. */
import { type JsonValue, type Log, renderJson } from "@bizops/singer";
import type { LoadRequest } from "./load-request.ts";
import { SegmentBuilder } from "./segment-builder.ts";
import type { Segment } from "./warehouse.ts";

/**
 * Gathers one segment while the two before are loaded, so that neither reading nor the warehouse waits long.
 *
 * Usually everything gathered is committed together, and rows behind the last STATE are simply written again
 * by a run that resumes. Where rows of the same key stand side by side that would double them. So if the
 * warehouse `commitsAtState`, rows wait for the STATE that covers them; too many to hold are loaded, but
 * committed only with that STATE.
 */
export class SegmentLoader {
  /** Called when a load fails, so that a loop waiting for input wakes up. */
  onFailure: () => void = () => {};
  readonly #request: LoadRequest;
  /** Rows a STATE covers; used only if the warehouse commits at STATE. */
  #covered: SegmentBuilder;
  #segment: SegmentBuilder;
  /** The two loads last started; they end in that order. */
  #loading: Promise<void> = Promise.resolve();
  #loadingBefore: Promise<void> = Promise.resolve();
  #sawState = false;
  #uncommitted = false;

  constructor(request: LoadRequest) {
    this.#request = request;
    this.#covered = new SegmentBuilder(request.limits);
    this.#segment = new SegmentBuilder(request.limits);
  }

  /** Where rows go now. */
  get segment(): SegmentBuilder {
    return this.#segment;
  }

  /** Milliseconds until something should be committed, however little it is. */
  dueIn(now: number): number {
    return this.#commitsAtState ? this.#covered.dueIn(now) : this.#segment.dueIn(now);
  }

  async addState(value: JsonValue): Promise<void> {
    this.#sawState = true;
    this.#segment.addState(value);
    if (!this.#commitsAtState) return;
    this.#covered.absorb(this.#segment);
    this.#segment = new SegmentBuilder(this.#request.limits);
    if (this.#covered.isFull || this.#uncommitted) await this.commitDue();
  }

  /** Starts loading if enough has been gathered. @throws what failed in the load before */
  async loadIfFull(): Promise<void> {
    if (this.#segment.isFull) await this.handOver();
  }

  /** Starts loading what may be committed now. @throws what failed in the load before */
  async commitDue(): Promise<void> {
    if (!this.#commitsAtState) return this.handOver();
    if (this.#covered.isEmpty) return;
    await this.#start(this.#covered, true);
    this.#covered = new SegmentBuilder(this.#request.limits);
  }

  /** Starts loading all that was gathered, once fewer than two loads are under way. @throws what failed in them */
  async handOver(): Promise<void> {
    if (this.#commitsAtState) await this.commitDue();
    if (this.#segment.isEmpty) return;
    await this.#start(this.#segment, !this.#commitsAtState);
    this.#segment = new SegmentBuilder(this.#request.limits);
  }

  /** Waits until nothing is being loaded. @throws what failed */
  async settle(): Promise<void> {
    await this.#loadingBefore;
    await this.#loading;
  }

  /** Loads and commits what may be, at the end of the input. @throws what failed */
  async finish(): Promise<void> {
    await this.commitDue();
    if (this.#commitsAtState && (this.#uncommitted || !this.#segment.isEmpty)) {
      // A tap that knows no STATE cannot resume, so there is nothing its rows could be doubled by.
      if (!this.#sawState) await this.#start(this.#segment, true);
      else warnOfTail(this.#request.log);
    }
    await this.settle();
  }

  get #commitsAtState(): boolean {
    return this.#request.warehouse.commitsAtState;
  }

  async #start(builder: SegmentBuilder, commit: boolean): Promise<void> {
    await this.#loadingBefore;
    this.#uncommitted = !commit;
    this.#loadingBefore = this.#loading;
    this.#loading = this.#load(builder.build(), commit);
    this.#loading.catch(() => this.onFailure());
  }

  async #load(segment: Segment, commit: boolean): Promise<void> {
    const { warehouse, output, log } = this.#request;
    await warehouse.load(segment, commit);
    for (const [endpoint, { size }] of segment.rows) {
      log.metric({ type: "counter", metric: "record_count", value: size, tags: { endpoint } });
    }
    if (segment.state !== undefined) await output.write(`${renderJson(segment.state)}\n`);
  }
}

function warnOfTail(log: Log): void {
  log.warning("rows behind the last STATE were not committed; the next run reads them again");
}
