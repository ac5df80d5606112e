// What the tests with the official client share. The server is ReferenceApp in its RECOVERING variant; its address is REALTIME_URL.
import { after } from "node:test";
import { io, Manager } from "socket.io-client";

export const URL = process.env.REALTIME_URL;
if (!URL) {
  throw new Error("REALTIME_URL must name the server, such as http://127.0.0.1:8080");
}

// Set for a run against another implementation: tests of what only this library promises are then skipped.
export const ours = process.env.REALTIME_REFERENCE
  ? { skip: "the reference implementation does not promise this" }
  : {};

const PATIENCE = 15_000;
const opened = [];

after(() => {
  for (const socket of opened) {
    socket.io.reconnection(false);
    socket.disconnect();
    socket.io.engine?.close();
  }
});

/** A client on a connection of its own. */
export function open(options = {}, namespace = "/") {
  const socket = io(URL + namespace, {
    forceNew: true,
    transports: ["websocket"],
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
    ...options,
  });
  opened.push(socket);
  return socket;
}

/** A client that is connected. */
export async function connected(options = {}, namespace = "/") {
  const socket = open(options, namespace);
  await event(socket, "connect");
  return socket;
}

/** A manager, for several namespaces on one connection. */
export function manager(options = {}) {
  const made = new Manager(URL, { transports: ["websocket"], ...options });
  opened.push(made.socket("/"));
  return made;
}

/** The arguments of the next event of this name. */
export function event(emitter, name) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no '${name}' within ${PATIENCE} ms`)), PATIENCE);
    emitter.once(name, (...args) => {
      clearTimeout(late);
      resolve(args);
    });
  });
}

/** Waits for a condition that is checked whenever the event loop turns. */
export async function until(condition, what) {
  const deadline = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${PATIENCE} ms: ${what}`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Asks the server; fails when no answer comes. */
export function ask(socket, name, ...args) {
  return socket.timeout(PATIENCE).emitWithAck(name, ...args);
}
