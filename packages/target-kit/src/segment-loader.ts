/** Segments on their way: what is gathered, what is being loaded, and what may be committed when. */
import { ContractError, type JsonValue, type Log, renderJson } from "@bizops/singer";
import type { LoadRequest } from "./load-request.ts";
import { RecordCounter } from "./record-counter.ts";
import { SegmentBuilder } from "./segment-builder.ts";
import type { CommitPoint, Segment } from "./warehouse.ts";

/** The limit of the first segment; it doubles from one to the next. */
const firstSegmentBytes = 1024 * 1024;

/**
 * Gathers one segment while the two before are loaded, so that neither reading nor the warehouse waits long.
 *
 * Usually everything gathered is committed together, and rows behind the last STATE are simply written again
 * by a run that resumes. Where rows of the same key stand side by side that would double them. So if the
 * warehouse commits `at-state`, rows wait for the STATE that covers them; too many to hold are loaded, but
 * committed only with that STATE. What commits `at-end` puts out its last STATE only then.
 */
export class SegmentLoader {
  /** Called when a load fails, so that a loop waiting for input wakes up. */
  onFailure: () => void = () => {};
  readonly #request: LoadRequest;
  readonly #counter: RecordCounter;
  /** Rows a STATE covers; used only if the warehouse commits `at-state`. */
  #covered: SegmentBuilder;
  #segment: SegmentBuilder;
  /** The two loads last started; they end in that order. */
  #loading: Promise<void> = Promise.resolve();
  #loadingBefore: Promise<void> = Promise.resolve();
  #lastState: JsonValue | undefined;
  /** Whether rows that came behind the last STATE have been handed over. */
  #rowsBehindState = false;
  /** How much of the segment a STATE covers. */
  #sizeAtState = 0;
  #uncommitted = false;
  #beginAt = firstSegmentBytes;

  constructor(request: LoadRequest) {
    this.#request = request;
    this.#counter = new RecordCounter(request.log);
    this.#covered = new SegmentBuilder(request.limits);
    this.#segment = new SegmentBuilder(request.limits);
  }

  /** Where rows go now. */
  get segment(): SegmentBuilder {
    return this.#segment;
  }

  /** Milliseconds until something should be committed, however little it is. */
  dueIn(now: number): number {
    switch (this.#commits) {
      case "when-full":
        return this.#segment.dueIn(now);
      case "at-state":
        return this.#covered.dueIn(now);
      case "at-end":
        return Number.POSITIVE_INFINITY;
    }
  }

  async addState(value: JsonValue): Promise<void> {
    this.#lastState = value;
    this.#rowsBehindState = false;
    this.#sizeAtState = this.#segment.size;
    if (this.#commits === "at-end") return;
    this.#segment.addState(value);
    if (this.#commits === "when-full") return;
    this.#covered.absorb(this.#segment);
    this.#segment = new SegmentBuilder(this.#request.limits);
    if (this.#covered.isFull || this.#uncommitted) await this.commitDue();
  }

  /** Starts loading if enough has been gathered. @throws what failed in the load before */
  async loadIfFull(): Promise<void> {
    if (this.#segment.isFull || this.#isEnoughToBegin()) await this.handOver();
  }

  /** The first segments are short, so that the warehouse need not wait for a long one. */
  #isEnoughToBegin(): boolean {
    if (this.#commits !== "when-full" || this.#beginAt >= this.#request.limits.bytes) return false;
    if (this.#segment.bytes < this.#beginAt) return false;
    this.#beginAt *= 2;
    return true;
  }

  /** Starts loading what may be committed now. @throws what failed in the load before */
  async commitDue(): Promise<void> {
    if (this.#commits !== "at-state") return this.handOver();
    if (this.#covered.isEmpty) return;
    await this.#start(this.#covered, true);
    this.#covered = new SegmentBuilder(this.#request.limits);
  }

  /** Starts loading all that was gathered, once fewer than two loads are under way. @throws what failed in them */
  async handOver(): Promise<void> {
    if (this.#commits === "at-state") await this.commitDue();
    if (this.#segment.isEmpty) return;
    this.#rowsBehindState ||= this.#segment.size > this.#sizeAtState;
    this.#sizeAtState = 0;
    await this.#start(this.#segment, this.#commits === "when-full");
    this.#segment = new SegmentBuilder(this.#request.limits);
  }

  /** Waits until nothing is being loaded. @throws what failed */
  async settle(): Promise<void> {
    await this.#loadingBefore;
    await this.#loading;
  }

  /**
   * Loads and commits what may be, at the end of the input.
   * @param whole false: the input was cut short
   * @throws what failed; ContractError if what would replace the tables is not whole
   */
  async finish(whole: boolean): Promise<void> {
    try {
      if (this.#commits === "at-end") await this.#finishAtEnd(whole);
      else await this.#finishTail();
      await this.settle();
    } finally {
      this.#counter.flush();
    }
  }

  async #finishTail(): Promise<void> {
    await this.commitDue();
    if (this.#commits === "when-full") return;
    if (!this.#uncommitted && this.#segment.isEmpty) return;
    // A tap that knows no STATE cannot resume, so there is nothing its rows could be doubled by.
    if (this.#lastState === undefined) await this.#start(this.#segment, true);
    else warnOfTail(this.#request.log);
  }

  async #finishAtEnd(whole: boolean): Promise<void> {
    const behindState = this.#rowsBehindState || this.#segment.size > this.#sizeAtState;
    const cutOff = this.#lastState !== undefined && behindState;
    if (!whole || cutOff) {
      // What was rejected is kept, and that is all.
      await this.handOver();
      await this.settle();
      if (!whole) return;
      throw new ContractError(
        "the input ends behind its last STATE, so the tap may have been cut off; the tables were left as they are",
      );
    }
    if (this.#lastState !== undefined) this.#segment.addState(this.#lastState);
    await this.#start(this.#segment, true);
  }

  get #commits(): CommitPoint {
    return this.#request.warehouse.commits;
  }

  async #start(builder: SegmentBuilder, commit: boolean): Promise<void> {
    await this.#loadingBefore;
    this.#uncommitted = !commit;
    this.#loadingBefore = this.#loading;
    this.#loading = this.#load(builder.build(), commit);
    this.#loading.catch(() => this.onFailure());
  }

  async #load(segment: Segment, commit: boolean): Promise<void> {
    const { warehouse, output } = this.#request;
    await warehouse.load(segment, commit);
    for (const [stream, { size }] of segment.rows) this.#counter.add(stream, size);
    if (segment.state !== undefined) await output.write(`${renderJson(segment.state)}\n`);
  }
}

function warnOfTail(log: Log): void {
  log.warning("rows behind the last STATE were not committed; the next run reads them again");
}
