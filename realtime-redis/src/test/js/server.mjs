// A Socket.IO server with the Redis streams adapter that does what it is told: one JSON command a line on standard input, one JSON answer a line on
// standard output. Run: node server.mjs redis://host:port [adapter options as JSON]
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { Server } from "socket.io";
import { createClient } from "redis";
import { createAdapter } from "@socket.io/redis-streams-adapter";

const redis = createClient({ url: process.argv[2] });
redis.on("error", () => {});
await redis.connect();
const http = createServer();
const io = new Server(http, {
  adapter: createAdapter(redis, { blockTimeInMs: 200, ...JSON.parse(process.argv[3] ?? "{}") }),
  connectionStateRecovery: { maxDisconnectionDuration: 60000 },
});
const serverEvents = [];
const moved = [];

io.on("connection", (socket) => {
  if (!socket.recovered) {
    socket.data = { name: socket.handshake.auth.user, level: 7 };
    socket.join("user:" + socket.handshake.auth.user);
  }
  moved.push({ id: socket.id, recovered: socket.recovered, rooms: [...socket.rooms], data: socket.data });
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
});
// The adapter reads from "$" on until it has read something, and misses what comes between two such reads.
const adapter = io.of("/").adapter;
const onRawMessage = adapter.onRawMessage;
let entriesRead = 0;
adapter.onRawMessage = (message, offset) => {
  entriesRead++;
  return onRawMessage.call(adapter, message, offset);
};
io.on("told", (...args) => serverEvents.push(args));
io.on("sum", (pair, ack) => ack({ sum: pair.a + pair.b }));

/** Binary values travel as {"$bytes": base64} between the test and this process. */
const revive = (key, value) => (value && typeof value.$bytes === "string" ? Buffer.from(value.$bytes, "base64") : value);
const plain = (value) =>
  Buffer.isBuffer(value) || value instanceof Uint8Array
    ? { $bytes: Buffer.from(value).toString("base64") }
    : Array.isArray(value)
      ? value.map(plain)
      : value && typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
        : value;

function audience({ rooms = [], except = [] }) {
  let to = io.except(except);
  if (rooms.length) {
    to = to.to(rooms);
  }
  return to;
}

const commands = {
  emit: (c) => audience(c).emit(...c.args),
  volatile: (c) => audience(c).volatile.emit(...c.args),
  ask: (c) => audience(c).timeout(c.timeout).emitWithAck(...c.args),
  fetch: async (c) =>
    (await audience(c).fetchSockets()).map(({ id, rooms, data, handshake }) => ({
      id,
      rooms: [...rooms],
      data,
      query: handshake.query,
      handshake: { ...handshake, timeParsed: Date.parse(handshake.time) },
    })),
  join: (c) => audience(c).socketsJoin(c.join),
  leave: (c) => audience(c).socketsLeave(c.leave),
  disconnect: (c) => audience(c).disconnectSockets(c.close),
  serverEmit: (c) => io.serverSideEmit(...c.args),
  serverAsk: (c) => io.serverSideEmitWithAck(...c.args),
  entriesRead: () => entriesRead,
  serverEvents: () => serverEvents,
  connections: () => moved,
  servers: () => io.of("/").adapter.serverCount(),
  rooms: (c) => io.sockets.sockets.has(c.sid) && [...io.sockets.sockets.get(c.sid).rooms],
};

http.listen(0, "127.0.0.1");
await once(http, "listening");
console.log(JSON.stringify({ port: http.address().port }));

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line, revive);
  try {
    const result = await commands[command.do](command);
    console.log(JSON.stringify({ id: command.id, result: plain(result === undefined || result === io ? null : result) ?? null }));
  } catch (e) {
    console.log(JSON.stringify({ id: command.id, error: String(e), responses: plain(e.responses ?? null) }));
  }
}
process.exit(0);
