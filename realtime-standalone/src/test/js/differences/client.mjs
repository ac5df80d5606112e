// The official client: what its user sees.
import { io } from "socket.io-client";
import { later, patiently, plain, until } from "./wire.mjs";

function open(origin, options = {}, namespace = "/") {
  const socket = io(origin + namespace, { forceNew: true, transports: ["websocket"], reconnectionDelay: 10, reconnectionDelayMax: 20, ...options });
  later(() => {
    socket.io.reconnection(false);
    socket.disconnect();
    socket.io.engine?.close();
  });
  return socket;
}

const event = (emitter, name) => patiently(new Promise((resolve) => emitter.once(name, (...args) => resolve(args))), name);

async function connected(origin, options, namespace) {
  const socket = open(origin, options, namespace);
  await event(socket, "connect");
  return socket;
}

const ask = (socket, ...args) => socket.timeout(15_000).emitWithAck(...args);

const TRANSPORTS = { polling: ["polling"], WebSocket: ["websocket"], "both, with an upgrade": ["polling", "websocket"], "both, WebSocket first": ["websocket", "polling"] };

export const client = (behaviour) => {
  for (const [name, transports] of Object.entries(TRANSPORTS)) {
    behaviour(`client over ${name}`, "plain", async (origin) => {
      const socket = await connected(origin, { transports });
      if (transports[0] === "polling" && transports.length > 1) {
        await until(() => socket.io.engine.transport.name === "websocket", "the upgrade");
      }
      return [socket.io.engine.transport.name, await ask(socket, "echo", "ä", { b: null })];
    });
  }
  for (const transports of [["polling"], ["websocket"]]) {
    behaviour(`client with forceBase64 over ${transports}`, "plain", async (origin) => {
      const socket = await connected(origin, { transports, forceBase64: true });
      const said = event(socket, "said");
      socket.emit("say", Buffer.from([1, 2, 3]));
      const [value] = await said;
      return [[...new Uint8Array(value)].join()];
    });
  }
  behaviour("client with upgrade off", "plain", async (origin) => {
    const socket = await connected(origin, { transports: ["polling", "websocket"], upgrade: false });
    return [await ask(socket, "echo", 1), socket.io.engine.transport.name];
  });
  behaviour("client with addTrailingSlash off", "plain", async (origin) => {
    const socket = open(origin, { transports: ["polling"], addTrailingSlash: false, reconnection: false });
    return Promise.race([
      event(socket, "connect").then(() => ["connected"]),
      event(socket, "connect_error").then(([error]) => [error.message, `${error.context?.status}`]),
    ]);
  });
  behaviour("client with a query and headers", "plain", async (origin) => {
    const socket = await connected(origin, { query: { map: "düne" }, extraHeaders: { "x-client": "7" } });
    return [await ask(socket, "query", "map"), await ask(socket, "header", "x-client")];
  });
  behaviour("client with a path", "moved", async (origin) => [await ask(await connected(origin, { path: "/game/live" }), "echo", 1)]);
  behaviour("client: refused", "plain", async (origin) => {
    const socket = open(origin, { auth: { token: "guess" } }, "/restricted");
    const [error] = await event(socket, "connect_error");
    return [error.message, plain(JSON.stringify(error.data)), socket.active];
  });
  behaviour("client: refused without data", "plain", async (origin) => {
    const socket = open(origin, { auth: { token: "no-hint" } }, "/restricted");
    const [error] = await event(socket, "connect_error");
    return [error.message, `${JSON.stringify(error.data)}`, socket.active];
  });
  behaviour("client: unknown namespace", "plain", async (origin) => {
    const socket = open(origin, {}, "/nowhere");
    const [error] = await event(socket, "connect_error");
    return [error.message, `${JSON.stringify(error.data)}`, socket.active];
  });
  for (const [name, transports] of Object.entries({ WebSocket: ["websocket"], polling: ["polling"] })) {
    for (const wish of ["bye", "bye-all", "last-words", "last-words-all"]) {
      behaviour(`client over ${name}: ${wish}`, "plain", async (origin) => {
        const socket = await connected(origin, { transports });
        const seen = [];
        socket.on("said", (text) => seen.push(text));
        const gone = event(socket, "disconnect");
        socket.emit(wish);
        return [(await gone)[0], socket.active, ...seen];
      });
    }
    behaviour(`client over ${name}: it broke the protocol`, "plain", async (origin) => {
      const socket = await connected(origin, { transports });
      const gone = event(socket, "disconnect");
      socket.io.engine.write("2[]");
      const [reason] = await gone;
      await event(socket, "connect");
      return [reason, "and is back"];
    });
  }
  behaviour("client: events emitted before it is connected", "plain", async (origin) => {
    const socket = open(origin);
    socket.emit("say", "early");
    return event(socket, "said");
  });
  behaviour("client: three thousand events in one go over polling", "plain", async (origin) => {
    const socket = await connected(origin, { transports: ["polling"] });
    const seen = [];
    socket.on("said", (number) => seen.push(number));
    for (let i = 0; i < 3_000; i++) {
      socket.emit("say", i);
    }
    await until(() => seen.length === 3_000, "all of them");
    return [seen.every((number, i) => number === i)];
  });
  behaviour("an acknowledgement that the handler of an event does not give", "plain", async (origin) => {
    const socket = await connected(origin);
    return [await socket.timeout(30).emitWithAck("say-volatile", "x").then((value) => `answered with ${JSON.stringify(value) ?? "nothing"}`, (late) => late.message)];
  });
  behaviour("client: recovered", "recovering", async (origin) => {
    const helper = await connected(origin);
    const socket = await connected(origin);
    const { id } = socket;
    const seen = [];
    socket.on("said", (text) => seen.push(text));
    await ask(socket, "join", id);
    await ask(helper, "tell", id, "before");
    await until(() => seen.length === 1, "the first");
    socket.io.reconnection(false);
    const gone = event(socket, "disconnect");
    socket.io.engine.transport.ws.terminate();
    await gone;
    await until(async () => !(await ask(helper, "present", id)), "the loss to be seen");
    await ask(helper, "tell", id, "missed");
    socket.io.reconnection(true);
    socket.connect();
    await event(socket, "connect");
    await ask(helper, "tell", id, "after");
    await until(() => seen.includes("after"), "the last");
    return [socket.recovered, socket.id === id, ...seen];
  });
};
