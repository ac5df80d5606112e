// The official client gets what was sent to its user while it was away. FIRST_URL and SECOND_URL are the nodes' addresses.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { io } from "socket.io-client";

const { FIRST_URL, SECOND_URL } = process.env;

test("what is not acknowledged comes again from the other node", async () => {
  const socket = io(FIRST_URL, {
    forceNew: true,
    transports: ["websocket"],
    auth: { user: "ann" },
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
  });
  const got = [];
  socket.on("offline_message_delivery", (message, acknowledge) => {
    got.push(message);
    if (got.length === 1) {
      socket.io.uri = SECOND_URL;
      socket.io.engine.transport.ws.terminate(); // in the middle of reading it
    } else {
      acknowledge();
    }
  });
  const [{ count }] = await once(socket, "offline_messages_complete");
  assert.equal(count, 3);
  assert.deepEqual(
    got.map((message) => message.content),
    ["one", "one", "two", "three"],
  );
  assert.equal(got[0].id, got[1].id);
  assert.equal(got[3].type, "letter");
  assert.ok(Date.parse(got[3].stored_at) >= Date.parse(got[0].stored_at));
  socket.disconnect();
});

test("a client that is there gets the event itself, and again as a message", async () => {
  const socket = io(FIRST_URL, { forceNew: true, transports: ["websocket"], auth: { user: "bob" } });
  await once(socket, "connect");
  const got = [];
  const again = new Promise((resolve) => {
    socket.on("letter", (text, message, acknowledge) => {
      got.push(text);
      if (text === "kept") {
        acknowledge();
      } else {
        assert.equal(message.sender_id, "bob");
        assert.equal(message.content, undefined);
        socket.on("offline_message_delivery", (repeated, acknowledgeToo) => {
          acknowledgeToo();
          resolve([message, repeated]);
        });
      }
    });
  });
  socket.emit("write", "kept");
  socket.emit("write", "not acknowledged at first");
  const [message, repeated] = await again;
  assert.deepEqual(got, ["kept", "not acknowledged at first"]);
  assert.equal(repeated.id, message.id);
  assert.equal(repeated.content, got[1]);
  socket.disconnect();
});
