/**
 * Input in chunks that share one buffer: no garbage and no growing memory, whatever the input's size.
 * A chunk's bytes are valid until the next one is asked for.
 */
import { fstatSync, read } from "node:fs";
import { open } from "node:fs/promises";
import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";
import { promisify } from "node:util";

/** What is done with a chunk is done in one go; shorter ones leave more room for other events in between. */
const chunkBytes = 64 * 1024;
const standardInput = 0;
const readBytes = promisify(read);

/** Standard input, opened when it is first read. */
export interface StandardInput extends AsyncIterable<Buffer> {
  /** Stops listening, so that the process may end. */
  close(): void;
}

export function openStandardInput(): StandardInput {
  let close = () => {};
  return {
    [Symbol.asyncIterator]() {
      const kind = kindOf(standardInput);
      if (kind === "file") return readDescriptor(standardInput);
      if (kind === "other") {
        close = () => process.stdin.destroy();
        return process.stdin[Symbol.asyncIterator]();
      }
      const pipe = new PipeChunks(standardInput);
      close = () => pipe.close();
      return pipe.read();
    },
    close: () => close(),
  };
}

/** Reads a file from its beginning. @throws the system's error */
export async function* readFileChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    yield* readDescriptor(file.fd);
  } finally {
    await file.close();
  }
}

async function* readDescriptor(descriptor: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes);
  for (;;) {
    const { bytesRead } = await readBytes(descriptor, buffer, 0, chunkBytes, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function kindOf(descriptor: number): "file" | "pipe" | "other" {
  try {
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return "file";
    return stat.isFIFO() || stat.isSocket() ? "pipe" : "other";
  } catch {
    return "other"; // closed: the runtime has a stand-in for that
  }
}

/** A pipe read into one buffer: the socket waits while a chunk is in use. */
class PipeChunks {
  readonly #buffer = Buffer.allocUnsafeSlow(chunkBytes);
  readonly #socket: Socket;
  #length = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake = () => {};

  constructor(descriptor: number) {
    const callback = (length: number) => {
      this.#length = length;
      this.#wake();
      return false;
    };
    const options: SocketConstructorOpts & ConnectOpts = {
      fd: descriptor,
      readable: true,
      writable: false,
      onread: { buffer: this.#buffer, callback },
    };
    this.#socket = new Socket(options);
    this.#socket.once("error", (error) => {
      this.#failure = error;
    });
    const onEnd = () => {
      this.#ended = true;
      this.#wake();
    };
    this.#socket.once("end", onEnd).once("close", onEnd);
  }

  close(): void {
    this.#socket.destroy();
  }

  async *read(): AsyncGenerator<Buffer> {
    for (;;) {
      this.#socket.resume();
      while (this.#length === 0 && !this.#ended) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#length === 0) return;
      const chunk = this.#buffer.subarray(0, this.#length);
      this.#length = 0;
      yield chunk;
    }
  }
}
