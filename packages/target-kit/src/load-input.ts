/** The loop of every target: messages in, segments loaded one after the other, STATE out after the commit. */
import { type LineBatch, readLines } from "@bizops/singer";
import type { LoadRequest } from "./load-request.ts";
import { MessageRouter } from "./message-router.ts";
import { SegmentLoader } from "./segment-loader.ts";

/**
 * Loads the whole input. Whatever ends it early (a broken line, too many bad rows, a signal), the good rows
 * read before are committed and the last STATE among them comes out, then the reason is thrown.
 * @throws SingerError; after a failure of the warehouse itself nothing more is committed
 */
export async function loadInput(request: LoadRequest): Promise<void> {
  const loader = new SegmentLoader(request);
  const router = new MessageRouter(request, loader);
  let reason: unknown;
  try {
    await forEachBatch(request, loader, async (batch) => {
      loader.segment.addBytes(batch.bytes.length);
      await router.acceptLines(batch);
      await loader.loadIfFull();
    });
  } catch (thrown) {
    reason = thrown;
  }
  await loader.finish(reason === undefined);
  if (reason !== undefined) throw reason;
}

/** Hands over each batch; in between loads what has waited long enough. @throws on signal and broken input */
async function forEachBatch(
  { input, maxLineBytes, signal }: LoadRequest,
  loader: SegmentLoader,
  accept: (batch: LineBatch) => Promise<void>,
): Promise<void> {
  const batches = readLines(input, { maxLineBytes });
  for (;;) {
    const next = batches.next();
    while (!(await arrivesInTime(next, loader, signal))) await loader.commitDue();
    const { done, value } = await next;
    if (done) return;
    await accept(value);
  }
}

/** True once `next` has settled, false when the segment is due. @throws the signal's reason, a failed load */
function arrivesInTime(
  next: Promise<unknown>,
  loader: SegmentLoader,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const dueIn = loader.dueIn(Date.now());
    const timer = Number.isFinite(dueIn)
      ? setTimeout(() => end(() => resolve(false)), dueIn)
      : undefined;
    const onAbort = () => end(() => reject(signal.reason));
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      loader.onFailure = () => {};
      settle();
    };
    next.then(
      () => end(() => resolve(true)),
      () => end(() => resolve(true)),
    );
    signal.addEventListener("abort", onAbort);
    loader.onFailure = () => end(() => loader.settle().catch(reject));
    if (signal.aborted) onAbort();
  });
}
