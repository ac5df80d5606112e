// Writes what a real Socket.IO server with the Redis streams adapter sends to Redis: src/test/resources/wire/upstream.json.
// The adapter is given a client that records instead of a connection. Run: node fixtures.mjs
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { once } from "node:events";
import { Server } from "socket.io";
import { io as connect } from "socket.io-client";
import { createAdapter } from "@socket.io/redis-streams-adapter";

const { encode } = createRequire(createRequire(import.meta.url).resolve("@socket.io/redis-streams-adapter"))("@msgpack/msgpack");

const recorded = [];
let hear;
let waiting;

function record(entry) {
  recorded.push(entry);
  waiting?.();
}

const redis = {
  sSubscribe() {}, // tells the adapter which client library this is
  duplicate: () => redis,
  on() {},
  connect: async () => {},
  xRead: () => new Promise(() => {}),
  async subscribe(channels, listener) {
    hear = listener;
  },
  async xAdd(stream, id, fields) {
    record({ kind: "stream", fields });
    return "1700000000000-" + recorded.length;
  },
  async publish(channel, payload) {
    record({ kind: "bus", channel, payload: payload.toString("base64") });
  },
  async set(key, value) {
    record({ kind: "session", key, value });
  },
  sendCommand: async () => ["channel", "2"],
};

const http = createServer();
const io = new Server(http, { adapter: createAdapter(redis), connectionStateRecovery: { maxDisconnectionDuration: 60000 } });
io.on("connection", (socket) => {
  socket.data = { name: "ann", level: 7, born: new Date(0), key: Buffer.from([1, 2, 3]), nothing: undefined };
  socket.join(["zone:tavern", "match:1"]);
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const client = connect("http://127.0.0.1:" + http.address().port, { transports: ["websocket"] });
client.on("ready", (x, ack) => ack({ yes: x }, "second"));
client.on("blob", (ack) => ack(Buffer.from([9, 8])));
client.on("nothing", (ack) => ack());
io.on("sum", (a, b, ack) => ack?.(a + b));
await once(client, "connect");
const socket = [...io.sockets.sockets.values()][0];

const fixtures = [];

/** Runs an action and keeps the messages that follow it. */
async function fixture(name, count, action) {
  recorded.length = 0;
  action();
  while (recorded.length < count) {
    await new Promise((resolve) => (waiting = resolve));
  }
  recorded.slice(0, count).forEach((entry) => fixtures.push({ name, ...entry }));
}

const everything = { text: "a\u00e4\u20ac\u{1f600}\"\\\n\u2028", int: -5, big: 9007199254740991, half: 0.5, list: [null, true, false], deep: { a: [[]] } };

await fixture("broadcast to everybody", 1, () => io.emit("hello", 1, everything));
await fixture("broadcast to rooms", 1, () => io.to(["zone:tavern", "match:1"]).except("zone:attic").emit("hello"));
await fixture("broadcast with a number for a room", 1, () => io.to(42).emit("hello", "x"));
await fixture("broadcast with a flag", 1, () => io.compress(false).volatile.emit("hello", "x"));
await fixture("broadcast with binary", 1, () =>
  io.to("zone:tavern").emit("image", { bytes: Buffer.from([1, 2, 255]), note: "n" }, Buffer.alloc(0), undefined, new Date(1700000000123)));
await fixture("emit to one socket", 1, () => socket.emit("direct", 1));
await fixture("request to one socket", 1, () => socket.emit("ready", 1, () => {}));
await fixture("join", 1, () => io.in("zone:tavern").socketsJoin(["zone:attic", "zone:cellar"]));
await fixture("leave", 1, () => io.except("zone:attic").socketsLeave("zone:cellar"));
await fixture("disconnect", 1, () => io.in("zone:nowhere").disconnectSockets());
await fixture("disconnect and close", 1, () => io.in("zone:nowhere").disconnectSockets(true));
await fixture("broadcast with acknowledgement", 1, () => io.to("zone:nowhere").timeout(2500).emit("ready", 1, () => {}));
await fixture("fetch", 1, () => io.in("zone:tavern").fetchSockets());
await fixture("server-side emit", 1, () => io.serverSideEmit("sum", 1, 2));
await fixture("server-side emit with acknowledgement", 1, () => io.serverSideEmit("sum", 1, Buffer.from([7]), () => {}));

const asker = (type, data) => hear(Buffer.from(encode({ type, data, uid: "asker", nsp: "/" })));
const everybody = { rooms: [], except: [], flags: {} };
await fixture("answer to a broadcast", 2, () => asker(3, { packet: { type: 2, data: ["ready", 3] }, requestId: "q1", opts: everybody }));
await fixture("binary answer to a broadcast", 2, () => asker(3, { packet: { type: 2, data: ["blob"] }, requestId: "q2", opts: everybody }));
await fixture("empty answer to a broadcast", 2, () => asker(3, { packet: { type: 2, data: ["nothing"] }, requestId: "q3", opts: everybody }));
await fixture("answer to a fetch", 1, () => asker(7, { requestId: "q4", opts: everybody }));
await fixture("answer to a server-side emit", 1, () => asker(9, { requestId: "q5", packet: ["sum", 1, 2] }));
await fixture("session", 1, () => client.io.engine.close());

// values: what JavaScript makes of them in msgpack, and in JSON
const values = [
  null, true, false, 0, 1, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991,
  -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -9007199254740991,
  0.5, -0.25, 1e300, 5e-324, 9007199254740992, 1e21, NaN, Infinity, -0,
  "", "x", "a\u0000b", "x".repeat(31), "x".repeat(32), "\u00e4".repeat(128), "\u{1f600}", "\ud800", "\u2028",
  [], {}, Array(15).fill(1), Array(16).fill(1),
  Object.fromEntries(Array.from({ length: 15 }, (_, i) => ["k" + i, i])),
  Object.fromEntries(Array.from({ length: 16 }, (_, i) => ["k" + i, i])),
  { __proto__x: 1, constructor: { a: [{ b: null }] }, "": "" }, new Date(0), new Date(1700000000123), new Date(-1), new Date(253402300800000),
  { a: undefined }, [undefined],
].map((value) => ({
  msgpack: Buffer.from(encode(value)).toString("base64"),
  json: JSON.stringify(value, (key, part) => (part === undefined ? null : part)),
}));

client.close();
io.close();
const lines = (list) => "[\n" + list.map((entry) => "    " + JSON.stringify(entry)).join(",\n") + "\n  ]";
writeFileSync(
  new URL("../resources/wire/upstream.json", import.meta.url),
  `{\n  "messages": ${lines(fixtures)},\n  "values": ${lines(values)}\n}\n`,
);
console.log(fixtures.length + " messages, " + values.length + " values");
process.exit(0);
