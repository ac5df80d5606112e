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
