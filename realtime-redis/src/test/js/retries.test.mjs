// The official client sends again what has not been acknowledged, here to another node. FIRST_URL and SECOND_URL are the nodes' addresses.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { io } from "socket.io-client";

const { FIRST_URL, SECOND_URL } = process.env;

function client(options = {}) {
  return io(FIRST_URL, {
    forceNew: true,
    transports: ["websocket"],
    auth: { user: "ann" },
    retries: 10,
    ackTimeout: 5_000,
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
    ...options,
  });
}

/** The connection breaks, and the client comes back to the other node. */
function moveTo(socket, url) {
  socket.io.uri = url;
  socket.io.engine.transport.ws.terminate();
}

test("an acknowledgement that is lost comes from the other node", async () => {
  const socket = client();
  const handling = [];
  socket.on("handling", (run) => {
    handling.push(run);
    moveTo(socket, SECOND_URL);
  });
  const order = { id: randomUUID(), item: "rope" };
  const receipt = await socket.emitWithAck("order", order);
  assert.equal(receipt.item, "rope");
  assert.deepEqual(handling, [receipt.run]);
  assert.deepEqual(await socket.emitWithAck("order", order), receipt);
  socket.disconnect();
});

test("what is not answered in time is sent again, and handled once", async () => {
  const socket = client({ ackTimeout: 150 });
  const receipts = await Promise.all(
    ["net", "hook"].map((item) => socket.emitWithAck("order", { id: randomUUID(), item })),
  );
  assert.deepEqual(
    receipts.map((receipt) => receipt.item),
    ["net", "hook"],
  );
  assert.notEqual(receipts[0].run, receipts[1].run);
  socket.disconnect();
});
