// The official client polls over a proxy that sends each request to the next node. FIRST_URL and SECOND_URL are the nodes' addresses.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { test } from "node:test";
import { io } from "socket.io-client";

const { FIRST_URL, SECOND_URL } = process.env;
const nodes = [new URL(FIRST_URL), new URL(SECOND_URL)];

/** A load balancer that keeps nobody on a node; a node that does not answer gets nothing more. */
async function balancer(context) {
  let next = 0;
  const down = new Set();
  const server = http.createServer((request, response) => {
    const up = nodes.filter((node) => !down.has(node));
    const node = up[next++ % up.length];
    const options = { host: node.hostname, port: node.port, path: request.url, method: request.method, headers: request.headers };
    const forwarded = http.request(options, (reply) => {
      response.writeHead(reply.statusCode, reply.headers);
      reply.pipe(response);
    });
    forwarded.on("error", () => {
      down.add(node);
      response.writeHead(502);
      response.end();
    });
    response.on("close", () => forwarded.destroy());
    request.pipe(forwarded);
  });
  server.on("upgrade", (request, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  return { url: "http://127.0.0.1:" + server.address().port };
}

function client(url, user) {
  return io(url, {
    forceNew: true,
    transports: ["polling", "websocket"],
    auth: { user },
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
  });
}

test("everything arrives once and in order, whichever nodes the requests reach", async (context) => {
  const { url } = await balancer(context);
  const socket = client(url, "ann");
  context.after(() => socket.disconnect());
  const heard = [];
  socket.on("said", (text) => heard.push(text));
  await once(socket, "connect");
  for (let i = 0; i < 50; i++) {
    assert.equal(await socket.timeout(10_000).emitWithAck("echo", "é" + i), "é" + i);
  }
  const large = "x".repeat(200_000);
  assert.equal(await socket.timeout(10_000).emitWithAck("echo", large), large);
  for (let i = 0; i < 200; i++) {
    socket.emit("say", "m" + i);
  }
  while (heard.length < 200) {
    await once(socket, "said");
  }
  assert.deepEqual(
    heard,
    Array.from({ length: 200 }, (_, i) => "m" + i),
  );
  assert.equal(socket.io.engine.transport.name, "polling");
  const bytes = await socket.timeout(10_000).emitWithAck("bytes", Buffer.from([0, 1, 255]));
  assert.deepEqual([...new Uint8Array(bytes)], [0, 1, 255]);
});

test("a client goes on when the node that has its connection is killed", async (context) => {
  const { url } = await balancer(context);
  const sockets = Array.from({ length: 8 }, (_, i) => client(url, "user" + i));
  context.after(() => sockets.forEach((socket) => socket.disconnect()));
  const heard = sockets.map((socket) => {
    const texts = [];
    socket.on("said", (text) => texts.push(text));
    return texts;
  });
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const ids = sockets.map((socket) => socket.id);
  sockets[0].emit("everybody", "before");
  const writer = client(SECOND_URL, "writer");
  context.after(() => writer.disconnect());
  await once(writer, "connect");
  console.log("KILL"); // the node of FIRST_URL
  for (let i = 0; i < 20; i++) {
    await writer.timeout(20_000).emitWithAck("everybody", "m" + i);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const all = ["before", ...Array.from({ length: 20 }, (_, i) => "m" + i)];
  for (let left = 600; left > 0 && !heard.every((texts) => texts.length >= all.length); left--) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  heard.forEach((texts) => assert.deepEqual(texts, all));
  assert.deepEqual(
    sockets.map((socket) => socket.id),
    ids,
  );
});
