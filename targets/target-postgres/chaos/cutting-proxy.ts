/** A way to the server that can be cut: at any moment, or just where a COMMIT is on its way. */
import { connect, createServer, type Socket } from "node:net";

/** Where a COMMIT is lost: before the server got it, or its answer. */
export type CommitCut = "question" | "answer";

/** A proxy on the loopback interface. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts all connections there are. Returns whether there were any. */
  cut(): boolean;
  /** Cuts the connection of the next COMMIT; called back when it has happened. */
  cutNextCommit(where: CommitCut, onCut: () => void): void;
  /** Forgets about the next COMMIT. */
  disarm(): void;
  close(): Promise<void>;
}

/** @param serverPort of the server on the loopback interface */
export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let armed: { readonly where: CommitCut; readonly onCut: () => void } | undefined;

  const proxy = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    const pair = [client, server] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const socket of pair) socket.destroy();
    };
    const isCut = (where: CommitCut, chunk: Buffer): boolean => {
      if (armed?.where !== where || !/COMMIT[;\0]/.test(chunk.toString("latin1"))) return false;
      const { onCut } = armed;
      armed = undefined;
      end();
      onCut();
      return true;
    };
    client.on("data", (chunk) => {
      if (!isCut("question", chunk)) server.write(chunk);
    });
    server.on("data", (chunk) => {
      if (!isCut("answer", chunk)) client.write(chunk);
    });
    for (const socket of pair) socket.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as { port: number };

  const cut = () => {
    const any = pairs.size > 0;
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    return any;
  };
  return {
    port,
    cut,
    cutNextCommit(where, onCut) {
      armed = { where, onCut };
    },
    disarm() {
      armed = undefined;
    },
    async close() {
      const closed = new Promise((resolve) => proxy.close(resolve));
      cut();
      await closed;
    },
  };
}
