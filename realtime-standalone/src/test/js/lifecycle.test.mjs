import assert from "node:assert/strict";
import { test } from "node:test";
import { ask, event, open, until } from "./support.mjs";

/** All that a client is told, in order. */
function listen(socket) {
  const told = [];
  socket.onAny((name, ...args) => told.push([name, ...args]));
  return told;
}

const names = (told) => told.map(([name]) => name);

for (const transports of [["websocket"], ["polling"]]) {
  test(`${transports}: a session is confirmed, restored and ended, each once and in its place`, async () => {
    const socket = open({ transports, reconnection: false });
    const told = listen(socket);
    await event(socket, "connect");
    await until(() => told.length === 2, "two events");
    assert.deepEqual(names(told), ["connected", "said"]);
    assert.equal(told[0][1].socketId, socket.id);
    assert.ok(Math.abs(told[0][1].serverTime - Date.now()) < 60_000);
    assert.deepEqual(told[0][1].features, ["emotes"]);

    for (let round = 0; round < 3; round++) {
      told.length = 0;
      const gone = event(socket, "disconnect");
      socket.io.engine.close();
      await gone;
      socket.connect();
      await event(socket, "connect");
      assert.equal(socket.recovered, true);
      await ask(socket, "say", `round ${round}`);
      await until(() => told.length === 3, "three events");
      assert.deepEqual(names(told), ["reconnected", "session_restored", "said"]);
      assert.deepEqual(told[1][1], []);
    }

    told.length = 0;
    const ended = event(socket, "disconnect");
    socket.emit("leave");
    assert.equal((await ended)[0], "io server disconnect");
    assert.deepEqual(names(told), ["disconnected"]);
    assert.equal(told[0][1], "server_disconnect");

    told.length = 0;
    socket.connect();
    await event(socket, "connect");
    assert.equal(socket.recovered, false);
    await until(() => told.length === 2, "two events");
    assert.deepEqual(names(told), ["connected", "said"]);
    socket.disconnect();
  });
}
