// The socket.io peer: what the load generator measures this library against.
//
// Defaults throughout, apart from recovery: it is switched on because this library's is on too, so that both append an
// offset to every event. Says "ready" when it listens, answers "stats" on stdin with the heap in use after a collection,
// and ends when stdin does, so that it never outlives the run that started it.
"use strict";

const { createServer } = require("node:http");
const readline = require("node:readline");
const { Server } = require("socket.io");

const at = process.argv.indexOf("--port");
const port = Number(at < 0 ? 3000 : process.argv[at + 1]);

const http = createServer();
const io = new Server(http, { serveClient: false, transports: ["websocket"], connectionStateRecovery: {} });

io.on("connection", (socket) => {
  socket.join("all");
  socket.on("bcast", (payload) => io.to("all").emit("msg", payload));
  socket.on("echo", (payload, ack) => ack(payload));
});

http.listen({ port, host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));

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
