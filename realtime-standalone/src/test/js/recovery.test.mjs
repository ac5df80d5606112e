import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { ask, connected, event, ours, until } from "./support.mjs";

/** A client that stays away until told to return, what it was told, and a room that nobody else is in. */
async function wanderer({ transports = ["websocket"], namespace = "/" } = {}) {
  const socket = await connected({ transports, auth: { user: "wanderer" } }, namespace);
  socket.io.reconnection(false);
  const room = randomUUID();
  const told = [];
  socket.on("told", (text) => told.push(text));
  await ask(socket, "join", room);
  return { socket, room, told };
}

const cuts = {
  "engine.close()": (socket) => socket.io.engine.close(),
  "a cut connection": (socket) => socket.io.engine.transport.ws.terminate(),
};

async function leave(socket, helper, cut = cuts["a cut connection"]) {
  const id = socket.id;
  const gone = event(socket, "disconnect");
  cut(socket);
  await gone;
  await until(async () => !(await ask(helper, "present", id)), "the server to notice");
}

async function comeBack(socket) {
  socket.connect();
  await event(socket, "connect");
}

/** Everything that was emitted before has arrived once an event emitted now has. */
async function settled(helper, wanderer) {
  const last = randomUUID();
  await ask(helper, "tell-room", wanderer.room, last);
  await until(() => wanderer.told.includes(last), "the last event");
  assert.equal(wanderer.told.pop(), last);
}

for (const [name, cut] of Object.entries(cuts)) {
  test(`after ${name} everything emitted meanwhile arrives once and in order`, async () => {
    const helper = await connected();
    const away = await wanderer();
    const { socket, room, told } = away;
    await ask(helper, "tell-room", room, "before");
    await until(() => told.length === 1, "the first event");
    const { id } = socket;

    await leave(socket, helper, cut);
    for (let i = 0; i < 50; i++) {
      await ask(helper, "tell-room", room, `while away ${i}`);
    }
    await comeBack(socket);

    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
    await settled(helper, away);
    assert.deepEqual(told, ["before", ...Array.from({ length: 50 }, (_, i) => `while away ${i}`)]);
    socket.disconnect();
    helper.disconnect();
  });
}

test("emits to everybody, to a room and to the session keep one order", async () => {
  const helper = await connected({}, "/custom");
  const away = await wanderer({ namespace: "/custom" });
  const { socket, room, told } = away;
  const { id } = socket;
  await ask(helper, "tell-session", id, "first");
  await until(() => told.length === 1, "the first event");

  await leave(socket, helper);
  const expected = ["first"];
  for (let i = 0; i < 10; i++) {
    await ask(helper, "tell-all", `all ${i}`);
    await ask(helper, "tell-room", room, `room ${i}`);
    await ask(helper, "tell-session", id, `session ${i}`);
    expected.push(`all ${i}`, `room ${i}`, `session ${i}`);
  }
  await comeBack(socket);

  assert.equal(socket.recovered, true);
  await settled(helper, away);
  assert.deepEqual(told, expected);
  socket.disconnect();
  helper.disconnect();
});

test("emits in the very moment of the drop are neither lost nor repeated", async () => {
  const helper = await connected();
  const away = await wanderer();
  const { socket, room, told } = away;
  const expected = [];
  for (let round = 0; round < 5; round++) {
    const tells = [];
    for (let i = 0; i < 40; i++) {
      expected.push(`${round}/${i}`);
      tells.push(ask(helper, "tell-room", room, `${round}/${i}`));
      if (i === 20) {
        await tells[15];
        const gone = event(socket, "disconnect");
        socket.io.engine.transport.ws.terminate();
        await gone;
      }
    }
    await comeBack(socket);
    assert.equal(socket.recovered, true, `round ${round}`);
    await Promise.all(tells);
    await settled(helper, away);
  }
  assert.deepEqual(told, expected);
  socket.disconnect();
  helper.disconnect();
});

test("volatile events of the time away are gone, reliable ones around them are not", ours, async () => {
  const helper = await connected();
  const away = await wanderer();
  const { socket, room, told } = away;
  await ask(helper, "tell-room", room, "one");
  await ask(helper, "tell-volatile", room, "seen");
  await until(() => told.length === 2, "two events");

  await leave(socket, helper);
  await ask(helper, "tell-room", room, "two");
  await ask(helper, "tell-volatile", room, "unseen");
  await ask(helper, "tell-room", room, "three");
  await comeBack(socket);

  assert.equal(socket.recovered, true);
  await settled(helper, away);
  assert.deepEqual(told, ["one", "seen", "two", "three"]);
  socket.disconnect();
  helper.disconnect();
});

test("a client that saw no event before the drop is recovered too", ours, async () => {
  const helper = await connected();
  const socket = await connected({ auth: { user: "wanderer" } });
  const { id } = socket;
  socket.io.reconnection(false);
  const told = [];
  socket.on("told", (text) => told.push(text));
  await until(() => socket._lastOffset, "the greeting");
  await leave(socket, helper);
  // As if the greeting had been lost with the connection: this client has seen nothing.
  socket._lastOffset = undefined;
  const greeting = event(socket, "auth");

  await ask(helper, "tell-session", id, "while away");
  await comeBack(socket);

  assert.equal(socket.recovered, true);
  assert.equal(socket.id, id);
  await greeting;
  await until(() => told.length > 0, "the event");
  assert.deepEqual(told, ["while away"]);
  socket.disconnect();
  helper.disconnect();
});

test("room changes of the time away count from the moment they were made", ours, async () => {
  const helper = await connected();
  const away = await wanderer();
  const { socket, room, told } = away;
  const { id } = socket;
  const later = randomUUID();
  await ask(helper, "tell-room", room, "before");
  await until(() => told.length === 1, "the first event");

  await leave(socket, helper);
  await ask(helper, "tell-room", later, "not yet a member");
  await ask(helper, "let-in", id, later);
  await ask(helper, "tell-room", later, "a member");
  await ask(helper, "tell-room", room, "still a member");
  await ask(helper, "send-out", id, room);
  await ask(helper, "tell-room", room, "no longer a member");
  await comeBack(socket);

  assert.equal(socket.recovered, true);
  await ask(helper, "tell-room", room, "still no member");
  away.room = later;
  await settled(helper, away);
  assert.deepEqual(told, ["before", "a member", "still a member"]);
  socket.disconnect();
  helper.disconnect();
});

test("a client on polling is recovered as well", async () => {
  const helper = await connected();
  const away = await wanderer({ transports: ["polling"] });
  const { socket, room, told } = away;
  await ask(helper, "tell-room", room, "before");
  await until(() => told.length === 1, "the first event");

  await leave(socket, helper, cuts["engine.close()"]);
  await ask(helper, "tell-room", room, "while away");
  await comeBack(socket);

  assert.equal(socket.recovered, true);
  await settled(helper, away);
  assert.deepEqual(told, ["before", "while away"]);
  socket.disconnect();
  helper.disconnect();
});

test("a client that said goodbye gets a fresh session", async () => {
  const helper = await connected();
  const { socket, room, told } = await wanderer();
  await ask(helper, "tell-room", room, "before");
  await until(() => told.length === 1, "the first event");
  const { id } = socket;

  socket.disconnect();
  await until(async () => !(await ask(helper, "present", id)), "the end of the session");
  await ask(helper, "tell-room", room, "missed");
  await comeBack(socket);

  assert.equal(socket.recovered, false);
  assert.notEqual(socket.id, id);
  await ask(socket, "message-with-ack", 1);
  assert.deepEqual(told, ["before"]);
  socket.disconnect();
  helper.disconnect();
});

test("another user cannot take a session over", ours, async () => {
  const helper = await connected();
  const { socket, room, told } = await wanderer();
  await ask(helper, "tell-room", room, "before");
  await until(() => told.length === 1, "the first event");
  const { id } = socket;

  await leave(socket, helper);
  await ask(helper, "tell-room", room, "secret");
  socket.auth = { user: "thief" };
  await comeBack(socket);

  assert.equal(socket.recovered, false);
  assert.notEqual(socket.id, id);
  await ask(socket, "message-with-ack", 1);
  assert.deepEqual(told, ["before"]);
  socket.disconnect();
  helper.disconnect();
});

test("a made-up private id gets a fresh session", async () => {
  const { socket } = await wanderer();
  const gone = event(socket, "disconnect");
  socket.io.engine.close();
  await gone;
  socket._pid = "made-up";
  socket._lastOffset = "made-up";
  await comeBack(socket);
  assert.equal(socket.recovered, false);
  assert.equal(await ask(socket, "message-with-ack", 1), 1);
  socket.disconnect();
});
