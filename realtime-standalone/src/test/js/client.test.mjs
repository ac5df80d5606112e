import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, connected, event, manager, open, ours, until } from "./support.mjs";

const bytes = (...values) => Buffer.from(values);
const plain = (value) => [...new Uint8Array(value)];

for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
  const name = transports.join(" then ");

  test(`${name}: events, acknowledgements and binary travel both ways`, async () => {
    const socket = open({ transports });
    const auth = event(socket, "auth");
    await event(socket, "connect");
    assert.deepEqual((await auth)[0], {});

    const text = event(socket, "message-back");
    socket.emit("message", "héllo € 😀", { nested: [1, null, true] });
    assert.deepEqual((await text).slice(0, 2), ["héllo € 😀", { nested: [1, null, true] }]);

    const binary = event(socket, "message-back");
    socket.emit("message", bytes(1, 2, 3), { deep: [bytes(4, 5)] });
    const [first, second] = await binary;
    assert.deepEqual(plain(first), [1, 2, 3]);
    assert.deepEqual(plain(second.deep[0]), [4, 5]);

    assert.equal(await ask(socket, "message-with-ack", "back to you"), "back to you");
    assert.deepEqual(plain(await ask(socket, "message-with-ack", bytes(9, 8, 7))), [9, 8, 7]);

    socket.once("question", (question, answer) => answer(question.toUpperCase()));
    const answered = event(socket, "answered");
    socket.emit("ask-me", "ready?");
    assert.equal((await answered)[0], "READY?");
    socket.disconnect();
  });

  test(`${name}: a large burst arrives in order`, async () => {
    const socket = await connected({ transports });
    const numbers = [];
    socket.on("numbered", (number) => numbers.push(number));
    for (let i = 0; i < 10; i++) {
      socket.emit("burst", i * 100, 100, 300);
    }
    await until(() => numbers.length >= 1000, "the burst");
    assert.deepEqual(numbers, [...Array(1000).keys()]);
    socket.disconnect();
  });

  test(`${name}: a megabyte goes through in pieces that fit`, async () => {
    const socket = await connected({ transports });
    const piece = "x".repeat(200_000);
    for (let i = 0; i < 5; i++) {
      assert.equal((await ask(socket, "message-with-ack", piece)).length, piece.length);
    }
    socket.disconnect();
  });
}

test("polling is upgraded, and what is under way meanwhile arrives once and in order", async () => {
  const socket = open({ transports: ["polling", "websocket"] });
  const numbers = [];
  socket.on("numbered", (number) => numbers.push(number));
  let upgraded = false;
  socket.io.on("open", () => socket.io.engine.once("upgrade", () => (upgraded = true)));
  let sent = 0;
  await event(socket, "connect");
  await until(() => {
    if (numbers.length === sent) {
      socket.emit("burst", sent, 20, 100);
      sent += 20;
    }
    return upgraded;
  }, "the upgrade");
  socket.emit("burst", sent, 20, 100);
  sent += 20;
  await until(() => numbers.length >= sent, "the burst");
  assert.equal(socket.io.engine.transport.name, "websocket");
  assert.deepEqual(numbers, [...Array(sent).keys()]);
  socket.disconnect();
});

test("emitWithAck rejects when no answer comes in time, and the session goes on", async () => {
  const socket = await connected();
  await assert.rejects(socket.timeout(50).emitWithAck("slow-at-first", "key"), /timed out/);
  assert.equal(await ask(socket, "message-with-ack", 1), 1);
  socket.disconnect();
});

test("the retries option repeats what was not acknowledged", async () => {
  const socket = await connected({ retries: 20, ackTimeout: 200 });
  const tries = await new Promise((resolve, reject) =>
    socket.emit("slow-at-first", "key", (error, value) => (error ? reject(error) : resolve(value))),
  );
  assert.ok(tries > 1, `answered by try ${tries}`);
  socket.disconnect();
});

test("the retries option keeps the order across a drop", async () => {
  const socket = await connected({ retries: 20, ackTimeout: 5_000 });
  const order = [];
  for (let i = 0; i < 10; i++) {
    socket.emit("message-with-ack", i, (error, value) => order.push(error ?? value));
    if (i === 4) {
      socket.io.engine.close();
    }
  }
  await until(() => order.length === 10, "ten answers");
  assert.deepEqual(order, [...Array(10).keys()]);
  socket.disconnect();
});

test("namespaces share a connection and end one by one", async () => {
  const shared = manager();
  const main = shared.socket("/");
  const custom = shared.socket("/custom");
  const dynamic = shared.socket("/dynamic-7");
  await Promise.all([main, custom, dynamic].map((socket) => event(socket, "connect")));
  assert.equal(new Set([main.id, custom.id, dynamic.id]).size, 3);

  for (const socket of [main, custom, dynamic]) {
    const back = event(socket, "message-back");
    socket.emit("message", socket.id);
    assert.equal((await back)[0], socket.id);
  }

  custom.disconnect();
  assert.equal(await ask(main, "message-with-ack", "still"), "still");
  custom.connect();
  await event(custom, "connect");
  assert.equal(await ask(custom, "message-with-ack", "again"), "again");

  const ended = event(dynamic, "disconnect");
  dynamic.emit("end-session");
  assert.equal((await ended)[0], "io server disconnect");
  assert.ok(main.connected && custom.connected);
  main.disconnect();
  custom.disconnect();
});

test("an auth object and an auth function reach the server", async () => {
  const fixed = open({ auth: { token: "123", deep: { list: [1, 2] } } });
  assert.deepEqual((await event(fixed, "auth"))[0], { token: "123", deep: { list: [1, 2] } });
  const asked = open({ auth: (done) => setImmediate(() => done({ token: "fresh" })) });
  const [payload] = await event(asked, "auth");
  assert.equal(payload.token, "fresh");
  fixed.disconnect();
  asked.disconnect();
});

test("a refusal carries message and data, and better credentials are accepted afterwards", async () => {
  const socket = open({ auth: { token: "guessed" } }, "/restricted");
  const [error] = await event(socket, "connect_error");
  assert.equal(error.message, "not for you");
  assert.deepEqual(error.data, { code: "restricted", hint: "ask for a token" });
  assert.equal(socket.active, false, "a refused client must not come back by itself");

  socket.auth = { token: "let-me-in" };
  socket.connect();
  await event(socket, "connect");
  assert.equal(await ask(socket, "message-with-ack", "in"), "in");
  socket.disconnect();
});

test("an unknown namespace is refused", async () => {
  const socket = open({}, "/nowhere");
  const [error] = await event(socket, "connect_error");
  assert.equal(error.message, "Invalid namespace");
  socket.disconnect();
});

test("the reason of a disconnect says who did it", async () => {
  const mine = await connected();
  const byMe = event(mine, "disconnect");
  mine.disconnect();
  assert.equal((await byMe)[0], "io client disconnect");

  for (const wish of ["end-session", "end-connection"]) {
    const theirs = await connected();
    const byServer = event(theirs, "disconnect");
    theirs.emit(wish);
    assert.equal((await byServer)[0], "io server disconnect");
    assert.equal(theirs.active, false, "a client that was sent away must not come back by itself");
    theirs.io.engine.close();
  }

  const cut = await connected();
  const byNetwork = event(cut, "disconnect");
  cut.io.engine.transport.ws.terminate();
  assert.equal((await byNetwork)[0], "transport close");
  assert.equal(cut.active, true);
  await event(cut, "connect");
  cut.disconnect();
});

test("events emitted while away are sent on return", async () => {
  const socket = await connected();
  socket.io.reconnection(false);
  const gone = event(socket, "disconnect");
  socket.io.engine.transport.ws.terminate();
  await gone;
  const back = [];
  socket.on("message-back", (text) => back.push(text));
  socket.emit("message", "kept");
  socket.connect();
  await event(socket, "connect");
  await ask(socket, "message-with-ack", "after");
  await until(() => back.length > 0, "the kept event");
  assert.equal(back[0], "kept");
  socket.disconnect();
});

test("WebSocket compression is agreed on and works both ways", async () => {
  const socket = await connected({ perMessageDeflate: { threshold: 0 } });
  const { ws } = socket.io.engine.transport;
  assert.match(ws.extensions, /permessage-deflate/);
  const back = event(socket, "message-back");
  const text = "compress me ".repeat(2_000);
  socket.emit("message", text, Buffer.alloc(5_000, 7));
  const [echo, data] = await back;
  assert.equal(echo, text);
  assert.equal(data.length, 5_000);
  socket.disconnect();
});

test("an event that the server does not know is answered", ours, async () => {
  const socket = await connected();
  await socket.timeout(10_000).emitWithAck("no such event", 1);
  socket.disconnect();
});
