// The official client, driven like server.mjs. Run: node client.mjs http://host:port user
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const plain = (value) =>
  Buffer.isBuffer(value) || value instanceof Uint8Array
    ? { $bytes: Buffer.from(value).toString("base64") }
    : Array.isArray(value)
      ? value.map(plain)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
        : value;

const say = (message) => console.log(JSON.stringify(message));
let socket;

function connect(url, user, state) {
  socket = io(url, { transports: ["websocket"], forceNew: true, reconnection: false, auth: { user } });
  if (state) {
    socket._pid = state.pid; // where the client keeps what a return needs
    socket._lastOffset = state.offset;
  }
  socket.onAny((...args) => {
    const ack = typeof args.at(-1) === "function" ? args.pop() : undefined;
    say({ event: plain(args) });
    if (args[0] === "ask") {
      ack?.({ answer: user, was: args[1] });
    } else if (args[0] === "ask:both") {
      ack?.(user, args[1]);
    } else if (args[0] === "ask:nothing") {
      ack?.();
    } else if (args[0] === "ask:bytes") {
      ack?.(Buffer.from([1, 2, 3]));
    }
  });
  socket.on("connect", () => say({ connected: socket.id, recovered: !!socket.recovered }));
  socket.on("connect_error", (e) => say({ refused: String(e) }));
  socket.on("disconnect", (reason) => say({ disconnected: reason }));
}

connect(process.argv[2], process.argv[3]);

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  if (command.do === "emit") {
    socket.timeout(10000).emit(...command.args, (error, ...reply) => say({ id: command.id, error: error && String(error), reply: plain(reply) }));
  } else if (command.do === "drop") {
    socket.io.engine.close(); // the network is gone: no goodbye
    say({ id: command.id });
  } else if (command.do === "move") {
    connect(command.url, process.argv[3], { pid: socket._pid, offset: socket._lastOffset });
    say({ id: command.id });
  }
}
process.exit(0);
