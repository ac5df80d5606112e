// What contracts can say, as the official client sees it: of WireFormsClientTest's server, and of Node.js with the same handlers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, event, ours } from "./support.mjs";

const heard = async (socket, ...emitted) => {
  const answer = event(socket, "heard");
  socket.emit(...emitted);
  return (await answer)[0];
};

/** Calls back with (err, ...args), as a timeout makes the client do. */
const timed = (socket, ms, ...emitted) =>
  new Promise((resolve) => socket.timeout(ms).emit(...emitted, (...args) => resolve(args)));

/** What an acknowledgement brings, all of it. */
const acknowledged = (socket, ...emitted) => new Promise((resolve) => socket.emit(...emitted, (...args) => resolve(args)));

test("arguments at the end may be missing", async () => {
  const socket = await connected();
  assert.deepEqual(await heard(socket, "use_item", "rope"), ["rope", null]);
  assert.deepEqual(await heard(socket, "use_item", "rope", "ann"), ["rope", "ann"]);
  assert.deepEqual(await heard(socket, "use_item", "rope", null), ["rope", null]);
  assert.deepEqual(await heard(socket, "use_item", "rope", undefined), ["rope", null]);
});

test("any number of arguments", async () => {
  const socket = await connected();
  assert.deepEqual(await heard(socket, "roll", "none"), ["none", []]);
  assert.deepEqual(await heard(socket, "roll", "some", 6, 20, 20), ["some", [6, 20, 20]]);
  const rolled = event(socket, "rolled");
  socket.emit("roll-for-me");
  const [reason, ...dice] = await rolled;
  assert.deepEqual([reason, dice[0], dice[1]], ["luck", 6, 20]);
  assert.equal(dice.length, 3, "the offset stands behind them, as with Node.js");
});

test("a payload may be null or missing", async () => {
  const socket = await connected();
  assert.deepEqual(await heard(socket, "nick", "annie"), ["annie"]);
  assert.deepEqual(await heard(socket, "nick", null), [null]);
  assert.deepEqual(await heard(socket, "nick"), [null]);
});

test("an acknowledgement has several values, or none", async () => {
  const socket = await connected();
  assert.deepEqual(await acknowledged(socket, "several"), [1, "two", [3]]);
  assert.deepEqual(await acknowledged(socket, "nothing"), []);
  assert.deepEqual(await timed(socket, 5_000, "several"), [null, 1, "two", [3]]);
});

test("an acknowledgement may come late or never", async () => {
  const socket = await connected();
  assert.equal(await socket.timeout(5_000).emitWithAck("later", "text"), "text");
  const [error, ...values] = await timed(socket, 50, "quiet", "x");
  assert.match(error.message, /timed out/);
  assert.deepEqual(values, []);
});

test("a handler knows whether an acknowledgement is wanted", async () => {
  const socket = await connected();
  assert.deepEqual(await heard(socket, "wanted"), [false]);
  const told = event(socket, "heard");
  socket.emit("wanted", () => {});
  assert.deepEqual((await told)[0], [true]);
});

test("the error comes first", async () => {
  const socket = await connected();
  assert.deepEqual(await acknowledged(socket, "first", "x"), [null, "x"]);
  assert.deepEqual(await acknowledged(socket, "first", "refuse"), [{ code: "no_money", message: "Not enough coins" }]);
});

test("a client that is asked puts its error first", async () => {
  const socket = await connected();
  socket.once("asked", (question, callback) => callback(null, question.toUpperCase()));
  assert.deepEqual(await heard(socket, "ask-me"), ["READY?"]);
  socket.once("asked", (question, callback) => callback({ code: "busy" }));
  assert.deepEqual(await heard(socket, "ask-me"), ["refused: busy"]);
});

test("an unknown event is not answered where refusals are nothing", async () => {
  const socket = await connected({}, process.env.REALTIME_REFERENCE ? "/" : "/nothing");
  const [error] = await timed(socket, 50, "nobody-knows", 1);
  assert.match(error.message, /timed out/);
});

test("the client takes a refusal for a success", ours, async () => {
  const socket = await connected();
  const [error, value] = await timed(socket, 5_000, "nobody-knows");
  assert.equal(error, null);
  assert.equal(value.error.code, "unknown_event");
  assert.equal((await socket.timeout(5_000).emitWithAck("nobody-knows")).error.code, "unknown_event");
});

test("a refusal is the first argument where the namespace says so", ours, async () => {
  const socket = await connected({}, "/first");
  assert.equal((await acknowledged(socket, "nobody-knows"))[0].code, "unknown_event");
});
