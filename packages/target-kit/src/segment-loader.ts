/** One segment in the making, one being loaded: they overlap, so that reading never waits long. */
import { renderJson } from "@bizops/singer";
import type { LoadRequest } from "./load-request.ts";
import { SegmentBuilder } from "./segment-builder.ts";
import type { Segment } from "./warehouse.ts";

/** Owns both segments. */
export class SegmentLoader {
  segment: SegmentBuilder;
  readonly #request: LoadRequest;
  #loading: Promise<void> = Promise.resolve();
  /** Called when a load fails, so that a loop waiting for input wakes up. */
  onFailure: () => void = () => {};

  constructor(request: LoadRequest) {
    this.#request = request;
    this.segment = new SegmentBuilder(request.limits);
  }

  /** Starts loading the segment once the one before is in. @throws what failed in the one before */
  async handOver(): Promise<void> {
    if (this.segment.isEmpty) return;
    await this.#loading;
    const segment = this.segment.build();
    this.segment = new SegmentBuilder(this.#request.limits);
    this.#loading = this.#load(segment);
    this.#loading.catch(() => this.onFailure());
  }

  /** Waits until nothing is being loaded. @throws what failed */
  async settle(): Promise<void> {
    await this.#loading;
  }

  async finish(): Promise<void> {
    await this.handOver();
    await this.settle();
  }

  async #load(segment: Segment): Promise<void> {
    const { warehouse, output, log } = this.#request;
    await warehouse.load(segment);
    for (const [stream, { size }] of segment.rows) {
      log.metric({
        type: "counter",
        metric: "record_count",
        value: size,
        tags: { endpoint: stream },
      });
    }
    if (segment.state !== undefined) await output.write(`${renderJson(segment.state)}\n`);
  }
}
