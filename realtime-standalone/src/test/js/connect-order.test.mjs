// What a recovered client gets first: CONNECT or what it missed? Node's server sends what was missed first, and the client keeps it until CONNECT has
// come, so its `connect` handler finds everything there. What it keeps it does not forget when the connection breaks before CONNECT, and takes
// once more when it comes back: the same events twice. This library promises each event once, and therefore sends CONNECT first.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import net from "node:net";
import { after, test } from "node:test";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { URL as OURS, ask, event, until } from "./support.mjs";

const sockets = [];

const http = createServer();
const node = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } });
node.on("connection", (socket) => {
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("tell-room", (room, text, ack) => {
    node.to(room).emit("told", text);
    ack();
  });
  socket.on("present", (id, ack) => ack(node.of("/").sockets.has(id)));
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const NODE = `http://127.0.0.1:${http.address().port}`;

after(() => {
  sockets.forEach((socket) => socket.disconnect());
  node.close();
});

/** A network in front of a server that can break behind a text from the server. */
async function network(target) {
  const to = new globalThis.URL(target);
  const state = { breakBehind: null };
  const proxy = net.createServer((client) => {
    const server = net.connect(Number(to.port), to.hostname);
    const end = () => {
      client.destroy();
      server.destroy();
    };
    client.on("data", (data) => server.write(data));
    server.on("data", (data) => {
      const at = state.breakBehind === null ? -1 : data.indexOf(state.breakBehind);
      if (at < 0) {
        client.write(data);
        return;
      }
      state.breakBehind = null;
      client.write(data.subarray(0, data.indexOf("]", at) + 1), () => client.end()); // a whole message, and nothing behind it
      server.destroy();
    });
    client.on("close", end).on("error", end);
    server.on("close", () => client.end()).on("error", end);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  after(() => proxy.close());
  return { state, url: `http://127.0.0.1:${proxy.address().port}` };
}

function open(url) {
  const socket = io(url, { forceNew: true, transports: ["websocket"], reconnectionDelay: 20, reconnectionDelayMax: 50 });
  sockets.push(socket);
  return socket;
}

/** A client that has missed three events is about to come back; returns what it has noticed once it has heard the last word. */
async function comeBack(server, breakBehind) {
  const { state, url } = await network(server);
  const helper = open(server);
  await event(helper, "connect");
  const socket = open(url);
  await event(socket, "connect");
  const room = randomUUID();
  const noticed = [];
  socket.on("told", (text) => noticed.push(text));
  await ask(socket, "join", room);
  await ask(helper, "tell-room", room, "before");
  await until(() => noticed.length === 1, "the first event");
  const { id } = socket;

  socket.io.reconnection(false);
  const gone = event(socket, "disconnect");
  socket.io.engine.transport.ws.terminate();
  await gone;
  await until(async () => !(await ask(helper, "present", id)), "the server to notice");
  for (const text of ["one", "two", "three"]) {
    await ask(helper, "tell-room", room, text);
  }
  state.breakBehind = breakBehind;
  socket.on("connect", () => noticed.push(`connect, recovered ${socket.recovered}`));
  socket.io.reconnection(true);
  socket.connect();
  await until(() => socket.connected && state.breakBehind === null, "the client to come back");
  await until(async () => {
    await ask(helper, "tell-room", room, "last");
    return noticed.includes("last");
  }, "the last word");
  assert.equal(socket.id, id);
  return noticed.filter((text) => text !== "last");
}

test("Node's server sends what was missed before CONNECT", async () => {
  assert.deepEqual(await comeBack(NODE, null), ["before", "one", "two", "three", "connect, recovered true"]);
});

test("this server sends CONNECT before what was missed", async () => {
  assert.deepEqual(await comeBack(OURS, null), ["before", "connect, recovered true", "one", "two", "three"]);
});

test("a network that breaks in the middle of Node's replay makes the client take events twice", async () => {
  assert.deepEqual(await comeBack(NODE, '"two"'), ["before", "one", "two", "one", "two", "three", "connect, recovered true"]);
});

test("a network that breaks in the middle of this server's replay costs nothing and repeats nothing", async () => {
  const noticed = await comeBack(OURS, '"two"');
  assert.deepEqual(noticed.filter((text) => !text.startsWith("connect")), ["before", "one", "two", "three"]);
  assert.equal(noticed.filter((text) => text === "connect, recovered true").length, 2);
});
