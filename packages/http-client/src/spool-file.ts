/** A private temporary file that has lost its name, so that nothing is left of it whatever ends the process. */
import { createHash, randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { asWriteError } from "@bizops/singer";

export interface SpoolFile {
  /** Bytes. */
  readonly size: number;
  /** @throws UnavailableError if there is no room */
  append(bytes: Uint8Array): Promise<void>;
  clear(): Promise<void>;
  /** Once no append is under way any more, which a transfer that broke off does not wait for. */
  settle(): Promise<void>;
  /** Reads it from the start. */
  open(): Readable;
  /** In lower-case hex. */
  sha256(): Promise<string>;
  close(): Promise<void>;
}

/** @throws ConfigError or UnavailableError if the temporary folder cannot be written */
export async function openSpoolFile(): Promise<SpoolFile> {
  const path = join(tmpdir(), `bizops-${randomUUID()}`);
  const refuse = (error: unknown): never => {
    throw asWriteError(error as NodeJS.ErrnoException, `the temporary folder ${tmpdir()}`);
  };
  const handle = await open(path, "wx+", 0o600).catch(refuse);
  await unlink(path);
  let size = 0;
  let pending: Promise<unknown> = Promise.resolve();
  const write = async (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; ) {
      const left = bytes.length - done;
      const { bytesWritten } = await handle.write(bytes, done, left, size).catch(refuse);
      done += bytesWritten;
      size += bytesWritten;
    }
  };
  const read = () => handle.createReadStream({ start: 0, autoClose: false });
  return {
    get size() {
      return size;
    },
    append(bytes) {
      const written = write(bytes);
      pending = written.catch(() => {});
      return written;
    },
    async settle() {
      await pending;
    },
    async clear() {
      await handle.truncate(0);
      size = 0;
    },
    open: read,
    async sha256() {
      const hash = createHash("sha256");
      for await (const chunk of read()) hash.update(chunk as Buffer);
      return hash.digest("hex");
    },
    async close() {
      await pending;
      await handle.close();
    },
  };
}
