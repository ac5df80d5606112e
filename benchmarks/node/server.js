// The socket.io peer: what the load generator measures this library against.
//
// Defaults throughout, apart from recovery: it is switched on because this library's is on too, so that both append an
// offset to every event. With --redis URL it is one node of a cluster on the official streams adapter, and with
// --cluster-engine besides one that also answers polls of clients whose connection is at another node. Says "ready"
// when it listens, answers "stats" on stdin with the heap in use after a collection, and ends when stdin does, so that
// it never outlives the run that started it.
"use strict";

const { createServer } = require("node:http");
const readline = require("node:readline");
const { Server } = require("socket.io");

function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

async function redisAdapter(url) {
  const { createClient } = require("redis");
  const { createAdapter } = require("@socket.io/redis-streams-adapter");
  const client = createClient({ url });
  client.on("error", (error) => console.error(error));
  await client.connect();
  // The default of 10,000 entries holds one second of the cross-node scenarios: a node that is behind for longer than
  // that, as on a busy machine, would lose messages without a word.
  return createAdapter(client, { maxLen: 1_000_000 });
}

async function clusterEngine(url) {
  const { createClient } = require("redis");
  const { RedisEngine } = require("@socket.io/cluster-engine");
  const publishing = createClient({ url });
  const subscribed = publishing.duplicate();
  for (const client of [publishing, subscribed]) {
    client.on("error", (error) => console.error(error));
    await client.connect();
  }
  return new RedisEngine(publishing, subscribed);
}

async function main() {
  const redis = argument("--redis");
  const clustered = process.argv.includes("--cluster-engine");
  // connections of clients that poll are kept, as this library does, however long a request waits behind others
  const http = createServer({ keepAliveTimeout: 60_000 });
  const options = {
    serveClient: false,
    connectionStateRecovery: {},
    ...(redis && { adapter: await redisAdapter(redis) }),
  };
  const io = clustered ? new Server(options) : new Server(http, { ...options, transports: ["websocket"] });
  if (clustered) {
    const engine = await clusterEngine(redis);
    engine.attach(http, { path: "/socket.io/" });
    io.bind(engine);
  }

  const serve = (socket) => {
    socket.join("all");
    socket.on("bcast", (payload) => socket.nsp.to("all").emit("msg", payload));
    socket.on("echo", (payload, ack) => ack(payload));
    socket.on("enter", (room, ack) => {
      socket.join(room);
      ack(room);
    });
    socket.on("post", (room, payload) => socket.nsp.to(room).emit("msg", payload));
  };
  io.on("connection", serve);
  io.of(/^\/n\d+$/).on("connection", serve);

  const port = Number(argument("--port") ?? 3000);
  http.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));
}

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    if (line !== "stats") return;
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    console.log(`heap ${heapUsed + external}`);
  })
  .on("close", () => process.exit(0));

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
