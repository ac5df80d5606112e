// A Socket.IO server with the Redis streams adapter and upstream's instrument(). Prints its port, then a line for each client of its own.
// Run: node server.mjs redis://host:port BCRYPT-HASH
import { createServer } from "node:http";
import { Server } from "socket.io";
import { createClient } from "redis";
import { createAdapter } from "@socket.io/redis-streams-adapter";
import { instrument } from "@socket.io/admin-ui";

const redis = createClient({ url: process.argv[2] });
redis.on("error", () => {});
await redis.connect();
const http = createServer();
const io = new Server(http, { adapter: createAdapter(redis, { blockTimeInMs: 200 }) });
instrument(io, {
  auth: { type: "basic", username: "admin", password: process.argv[3] },
  serverId: "node.js",
  mode: "development",
});
io.on("connection", (socket) => {
  socket.join("zone:garden");
  socket.on("say", () => {});
  socket.on("disconnect", (reason) => console.log("disconnected " + reason));
});
http.listen(0, "127.0.0.1", () => console.log("port " + http.address().port));
