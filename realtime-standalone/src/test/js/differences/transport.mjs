// Engine.IO: handshake, transports, payloads, heartbeat, HTTP.
import { Polling, Socket, plain, request, shown, status } from "./wire.mjs";

const PAGE = { origin: "https://game.example" };
const STRANGER = { origin: "https://elsewhere.example" };
const HANDSHAKE = "/socket.io/?EIO=4&transport=polling";
const upgraded = (polling, headers) => new Socket(polling.origin, { query: `EIO=4&transport=websocket&sid=${polling.sid}`, headers });

const abbreviated = (line) => line.replace(/0\{.*\}/, "0{…}");

/** As {@code shown}, where it does not matter what the handshake says. */
const brief = (reply, ...names) => shown(reply, ...names).map(abbreviated);

/** A WebSocket that has taken over. */
async function switched(socket) {
  await socket.opening();
  socket.send("2probe");
  await socket.next();
  await socket.send("5").rest();
}

/** What becomes of a session over WebSocket whose client sends this. */
const over = (...frames) => async (origin) => (await new Socket(origin).connect()).send(...frames).rest();

/** What becomes of a connection over polling whose client posts this. */
const posted = (body, headers) => async (origin) => {
  const polling = await new Polling(origin).connect();
  return [`${(await polling.post(body, headers)).status}`, ...(await polling.rest())];
};

export const transport = (behaviour) => {
  // ---- handshake
  behaviour("handshake over polling", "plain", async (origin) => shown(await request(origin, HANDSHAKE), "content-type", "cache-control", "set-cookie"));
  behaviour("handshake over WebSocket", "plain", async (origin) => [await new Socket(origin).next()]);
  behaviour("handshake: maxPayload is the limit that was set", "pages", async (origin) => [await new Socket(origin).next()]);
  for (const [name, query] of Object.entries({
    "handshake: EIO 3": "EIO=3&transport=polling",
    "handshake: EIO 5": "EIO=5&transport=polling",
    "handshake: no EIO": "transport=polling",
    "handshake: EIO twice": "EIO=4&EIO=4&transport=polling",
    "handshake: no transport": "EIO=4",
    "handshake: unknown transport": "EIO=4&transport=carrier",
    "handshake: transport in capitals": "EIO=4&transport=POLLING",
    "handshake: transport webtransport": "EIO=4&transport=webtransport",
    "handshake: transport websocket without an upgrade": "EIO=4&transport=websocket",
    "handshake: unknown transport comes before the version": "EIO=3&transport=carrier",
    "handshake: empty sid": "EIO=4&transport=polling&sid=",
    "unknown sid": "EIO=4&transport=polling&sid=unknown",
    "unknown sid for WebSocket without an upgrade": "EIO=4&transport=websocket&sid=unknown",
    "handshake: further parameters are no matter": "EIO=4&transport=polling&t=abc&token=%C3%A4",
    "handshake: b64": "EIO=4&transport=polling&b64=1",
      })) {
    behaviour(name, "plain", async (origin) => shown(await request(origin, `/socket.io/?${query}`), "content-type"));
  }
  behaviour("handshake: j, for JSONP", "plain", async (origin) => brief(await request(origin, `${HANDSHAKE}&j=0`)));
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    behaviour(`handshake by ${method}`, "plain", async (origin) => shown(await request(origin, HANDSHAKE, { method })));
  }
  behaviour("handshake by HEAD", "plain", async (origin) => [`${(await request(origin, HANDSHAKE, { method: "HEAD" })).status}`]);
  for (const method of ["PUT", "DELETE", "OPTIONS"]) {
    behaviour(`${method} to a session`, "plain", async (origin) =>
      shown(await request(origin, (await new Polling(origin).connect()).session, { method })),
    );
  }

  // ---- refused upgrades
  for (const [name, query] of Object.entries({
    "upgrade: unknown sid": "EIO=4&transport=websocket&sid=unknown",
    "upgrade: unknown transport": "EIO=4&transport=carrier",
    "upgrade: EIO 3": "EIO=3&transport=websocket",
  })) {
    behaviour(name, "plain", async (origin) => {
      const socket = new Socket(origin, { query });
      return [await socket.next(), ...(socket.reply ? [plain(socket.reply.body)] : [])];
    });
  }
  behaviour("upgrade: transport polling", "plain", async (origin) => {
    const socket = new Socket(origin, { query: "EIO=4&transport=polling" });
    return [await socket.next()];
  });

  // ---- paths
  for (const [name, path] of Object.entries({
    "path without its last slash": "/socket.io",
    "path that goes on": "/socket.io/default/",
    "path that goes on without a last slash": "/socket.io/default",
    "path that begins alike": "/socket.iox/",
    "path in capitals": "/Socket.IO/",
    "path with a dot segment": "/x/../socket.io/",
    "path with an escaped letter": "/%73ocket.io/",
  })) {
    behaviour(name, "plain", async (origin) => [`${(await request(origin, `${path}?EIO=4&transport=polling`)).status}`]);
  }
  behaviour("path of the application's own", "moved", async (origin) => [
    ...shown(await request(origin, "/game/live/?EIO=4&transport=polling")),
    `${(await request(origin, HANDSHAKE)).status}`,
    (await new Socket(origin, { path: "/game/live/" }).connect()).answer,
  ]);
  behaviour("a whole URL as the target", "plain", async (origin) => [`${(await request(origin, `${origin}${HANDSHAKE}`)).status}`]);

  // ---- origins
  const cors = ["access-control-allow-origin", "access-control-allow-credentials", "vary"];
  const asks = { "access-control-request-method": "POST", "access-control-request-headers": "content-type,x-clientid" };
  const from = (headers, method = "GET", target = HANDSHAKE) => (origin) => request(origin, target, { method, headers });
  behaviour("CORS: allowed page", "pages", async (origin) => brief(await from(PAGE)(origin), ...cors));
  behaviour("CORS: other page", "pages", async (origin) => brief(await from(STRANGER)(origin), ...cors));
  behaviour("CORS: no page", "pages", async (origin) => brief(await from({})(origin), ...cors));
  behaviour("CORS: any page", "open", async (origin) => brief(await from(STRANGER)(origin), ...cors));
  behaviour("CORS: any page, none asks", "open", async (origin) => brief(await from({})(origin), ...cors));
  behaviour("CORS: an error is readable for an allowed page", "pages", async (origin) =>
    brief(await from(PAGE, "GET", "/socket.io/?EIO=4&transport=carrier")(origin), ...cors),
  );
  behaviour("CORS: answers to polls and posts", "pages", async (origin) => {
    const polling = await new Polling(origin, { headers: PAGE }).open();
    const post = await polling.post("40");
    return [...shown(post, "content-type", ...cors), ...shown(await polling.get(), "content-type", ...cors)];
  });
  const preflight = (headers) => from({ ...headers, ...asks }, "OPTIONS");
  const permitted = [...cors, "access-control-allow-headers"];
  behaviour("CORS: preflight of an allowed page", "pages", async (origin) => brief(await preflight(PAGE)(origin), ...permitted));
  behaviour("CORS: preflight of another page", "pages", async (origin) => brief(await preflight(STRANGER)(origin), ...permitted));
  behaviour("CORS: preflight where any page is allowed", "open", async (origin) => brief(await preflight(STRANGER)(origin), ...permitted));
  for (const [name, header] of Object.entries({
    methods: "access-control-allow-methods",
    "how long it is kept": "access-control-max-age",
    "its length": "content-length",
  })) {
    behaviour(`CORS: preflight, ${name}`, "pages", async (origin) => [(await preflight(PAGE)(origin)).headers[header] ?? "-"]);
  }
  behaviour("WebSocket of an allowed page", "pages", async (origin) => [await new Socket(origin, { headers: PAGE }).next().then(abbreviated)]);
  behaviour("WebSocket of another page", "pages", async (origin) => [await new Socket(origin, { headers: STRANGER }).next().then(abbreviated)]);
  behaviour("WebSocket of another page where no list was given", "plain", async (origin) => [
    await new Socket(origin, { headers: STRANGER }).next().then(abbreviated),
  ]);
  behaviour("polling by another page where no list was given", "plain", async (origin) =>
    brief(await from(STRANGER)(origin), ...cors),
  );
  behaviour("WebSocket of the server's own page where no list was given", "plain", async (origin) => [
    await new Socket(origin, { headers: { origin } }).next().then(abbreviated),
  ]);

  // ---- cookies
  const free = (cookie) => String(cookie).replace(/io=[^;,]+/, "io=*");
  behaviour("cookie: handshake over polling", "pages", async (origin) => [free((await request(origin, HANDSHAKE)).headers["set-cookie"])]);
  behaviour("cookie: handshake over WebSocket", "pages", async (origin) => {
    const socket = new Socket(origin);
    await socket.next();
    return [free(socket.headers["set-cookie"])];
  });
  behaviour("cookie: holds the sid, and comes once", "pages", async (origin) => {
    const reply = await request(origin, HANDSHAKE);
    const { sid } = JSON.parse(reply.body.slice(1));
    const polling = await new Polling(origin).connect();
    return [`${reply.headers["set-cookie"]}`.includes(`io=${sid}`), `${(await polling.post("6")).headers["set-cookie"]}`];
  });

  // ---- WebSocket
  behaviour("subprotocols: the first is taken", "plain", async (origin) => {
    const socket = new Socket(origin, { protocols: ["chat.v2", "chat.v1"] });
    await socket.next();
    return [socket.ws.protocol];
  });
  behaviour("compression is not agreed on unless it is switched on", "plain", async (origin) => {
    const socket = new Socket(origin);
    await socket.next();
    return [socket.ws.extensions];
  });
  behaviour("upgrade without a key", "plain", async (origin) => {
    const answer = await status(
      origin,
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
    );
    return [answer];
  });
  behaviour("upgrade of an unknown WebSocket version", "plain", async (origin) => {
    const answer = await status(
      origin,
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 7\r\n\r\n",
    );
    return [answer];
  });

  // ---- the change from polling to WebSocket
  behaviour("upgrade: probe, switch, and what waits comes over the WebSocket", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    socket.ws.on("open", () => socket.send("2probe"));
    const probe = await socket.next();
    socket.send("5");
    await polling.get().then((late) => late.status); // answered by the switch, with a NOOP or with 400
    return [probe, ...(await socket.rest())];
  });
  behaviour("upgrade: a held poll is released by the probe", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const held = polling.poll();
    const socket = upgraded(polling);
    socket.ws.on("open", () => socket.send("2probe"));
    return [await socket.next(), ...(await held)];
  });
  behaviour("upgrade: a poll after the switch", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    await switched(socket);
    return polling.poll();
  });
  behaviour("upgrade: a post after the switch", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    await switched(socket);
    return shown(await polling.post("6"));
  });
  behaviour("upgrade: what is posted between probe and switch counts", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    socket.ws.on("open", () => socket.send("2probe"));
    await socket.next();
    await polling.post('42["say","late"]');
    socket.send("5");
    return socket.rest();
  });
  behaviour("upgrade: no probe", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    socket.ws.on("open", () => socket.send('42["say","too early"]'));
    return [await socket.next(), ...(await polling.rest())];
  });
  behaviour("upgrade: a wrong probe", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    socket.ws.on("open", () => socket.send("2guess"));
    return [await socket.next(), ...(await polling.rest())];
  });
  behaviour("upgrade: given up by the client, polling goes on", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const socket = upgraded(polling);
    socket.ws.on("open", () => socket.send("2probe"));
    await socket.next();
    socket.ws.close();
    await socket.next();
    return (await polling.rest()).filter((packet) => packet !== "6");
  });
  behaviour("upgrade: never finished, polling goes on", "brisk", async (origin) => {
    const polling = await new Polling(origin).open();
    await polling.post("40");
    const socket = upgraded(polling);
    return [await socket.next()];
  });
  behaviour("upgrade: a second WebSocket during the first", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const first = upgraded(polling);
    first.ws.on("open", () => first.send("2probe"));
    const probe = await first.next();
    const second = await upgraded(polling).next();
    first.send("5");
    return [probe, second, ...(await first.rest())];
  });
  behaviour("upgrade: a second WebSocket after the switch", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const first = upgraded(polling);
    await switched(first);
    return [await upgraded(polling).next(), ...(await first.rest())];
  });
  behaviour("a WebSocket session is not to be had by polling: GET", "plain", async (origin) => {
    const socket = new Socket(origin);
    let sid;
    socket.ws.once("message", (data) => (sid = JSON.parse(data.toString().slice(1)).sid));
    await socket.connect();
    return [...shown(await request(origin, `${HANDSHAKE}&sid=${sid}`)), ...(await socket.rest())];
  });
  behaviour("a WebSocket session is not to be had by polling: POST", "plain", async (origin) => {
    const socket = new Socket(origin);
    let sid;
    socket.ws.once("message", (data) => (sid = JSON.parse(data.toString().slice(1)).sid));
    await socket.connect();
    return [...shown(await request(origin, `${HANDSHAKE}&sid=${sid}`, { method: "POST", body: "6" })), ...(await socket.rest())];
  });
  behaviour("a polling session asked for EIO 3", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    return shown(await request(origin, polling.session.replace("EIO=4", "EIO=3")));
  });

  // ---- packets
  behaviour("packet: ping by the client", "plain", over("2"));
  behaviour("packet: pong that nobody asked for", "plain", over("3"));
  behaviour("packet: pong with data", "plain", over("3probe"));
  behaviour("packet: open by the client", "plain", over('0{"sid":"x"}'));
  behaviour("packet: close over WebSocket", "plain", over("1"));
  behaviour("packet: close over polling", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    return [...shown(await polling.post("1")), ...shown(await polling.get())];
  });
  behaviour("packet: noop", "plain", over("6"));
  behaviour("packet: upgrade over WebSocket", "plain", over("5"));
  behaviour("packet: unknown type", "plain", over("7"));
  behaviour("packet: a letter", "plain", over("x"));
  behaviour("packet: empty", "plain", over(""));
  behaviour("packet: message without content", "plain", over("4"));
  behaviour("packet: base64 in a text frame, as with the client's forceBase64", "plain", over('451-["say",{"_placeholder":true,"num":0}]', "bAQID"));
  behaviour("packet: binary with b64 in the query", "plain", async (origin) => {
    const socket = await new Socket(origin, { query: "EIO=4&transport=websocket&b64=1" }).connect();
    return socket.send('451-["say",{"_placeholder":true,"num":0}]', "bAQID").rest();
  });
  behaviour("packet: binary that no event announced", "plain", over(Buffer.from([1, 2, 3])));

  // ---- payloads of polling
  behaviour("payload: one packet", "plain", posted('42["say",1]'));
  behaviour("payload: several packets", "plain", posted('42["say",1]\x1e42["say","ä€😀"]\x1e6'));
  behaviour("payload: separator at the end", "plain", posted('42["say",1]\x1e'));
  behaviour("payload: separator at the start", "plain", posted('\x1e42["say",1]'));
  behaviour("payload: two separators in a row", "plain", posted('42["say",1]\x1e\x1e42["say",2]'));
  behaviour("payload: empty", "plain", posted(""));
  behaviour("payload: unknown type", "plain", posted("7"));
  behaviour("payload: unknown type behind an event", "plain", posted('42["say",1]\x1e7'));
  behaviour("payload: binary as base64, both ways", "plain", posted('451-["say",{"_placeholder":true,"num":0}]\x1ebAQID'));
  behaviour("payload: base64 without padding", "plain", posted('451-["say",{"_placeholder":true,"num":0}]\x1ebAQ'));
  behaviour("payload: base64 of the URL alphabet", "plain", posted('451-["say",{"_placeholder":true,"num":0}]\x1eb-_-_'));
  behaviour("payload: base64 with line ends", "plain", posted('451-["say",{"_placeholder":true,"num":0}]\x1ebAQ\nID\r\n'));
  behaviour("payload: base64 that is none", "plain", posted('451-["say",{"_placeholder":true,"num":0}]\x1eb!!!!'));
  behaviour("payload: ping by the client", "plain", posted("2"));
  behaviour("how a client over polling hears that it broke the protocol", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    await polling.post("7");
    return [...(await polling.poll()), ...(await polling.poll())];
  });
  behaviour("payload: no content type", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const reply = await request(origin, polling.session, { method: "POST", body: '42["say",1]' });
    return [...shown(reply, "content-type", "cache-control"), ...(await polling.rest())];
  });
  behaviour("payload: a form's content type", "plain", posted('42["say",1]', { "content-type": "application/x-www-form-urlencoded" }));
  behaviour("payload: chunked", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const reply = await polling.post('42["say",1]', { "transfer-encoding": "chunked" });
    return [`${reply.status}`, ...(await polling.rest())];
  });
  behaviour("payload: as large as allowed", "pages", async (origin) => {
    const polling = await new Polling(origin).connect();
    const text = "x".repeat(2_000 - '42["say",""]'.length);
    return [`${(await polling.post(`42["say","${text}"]`)).status}`, ...(await polling.rest()).map((packet) => packet.length)];
  });
  behaviour("payload: a byte too large", "pages", async (origin) => {
    const polling = await new Polling(origin).connect();
    const reply = await polling.post(`42["say","${"x".repeat(2_001 - '42["say",""]'.length)}"]`);
    return [`${reply.status}`, ...(await polling.rest())];
  });
  behaviour("payload: too large and chunked", "pages", async (origin) => {
    const polling = await new Polling(origin).connect();
    const reply = await polling.post(`42["say","${"x".repeat(5_000)}"]`, { "transfer-encoding": "chunked" });
    return [`${reply.status}`, ...(await polling.rest())];
  });
  behaviour("frame: as large as allowed", "pages", async (origin) => {
    const text = "x".repeat(2_000 - '42["say",""]'.length);
    return (await (await new Socket(origin).connect()).send(`42["say","${text}"]`).rest()).map((frame) => frame.length);
  });
  behaviour("frame: a byte too large", "pages", async (origin) => {
    const socket = await new Socket(origin).connect();
    socket.send(`42["say","${"x".repeat(2_001 - '42["say",""]'.length)}"]`);
    return [await socket.next(), socket.code];
  });
  behaviour("two polls at once", "plain", async (origin) => {
    const polling = await new Polling(origin).connect();
    const both = await Promise.all([polling.get(), polling.get()]);
    return [both.map((reply) => reply.status).sort().join(), ...shown(await polling.get())];
  });

  // ---- heartbeat
  behaviour("heartbeat: pings come, answered ones keep the session", "brisk", async (origin) => {
    const socket = new Socket(origin);
    socket.ws.on("message", (data) => data.toString() === "2" && socket.send("3"));
    await socket.connect();
    return [await socket.next(), await socket.next(), await socket.next()];
  });
  behaviour("heartbeat: who does not answer is cut off", "brisk", async (origin) => {
    const socket = await new Socket(origin).connect();
    return [await socket.next(), await socket.next()];
  });
  behaviour("heartbeat over polling: the ping comes with the poll", "brisk", async (origin) => {
    const polling = await new Polling(origin).open();
    await polling.post("40");
    const connected = await polling.poll();
    return [...connected, ...(await polling.poll())];
  });
  behaviour("who never connects is cut off", "brisk", async (origin) => {
    const socket = new Socket(origin);
    socket.ws.on("message", (data) => data.toString() === "2" && socket.send("3"));
    return (await socket.upTo("closed")).filter((frame) => frame !== "2");
  });

  // ---- the client for pages
  for (const file of ["socket.io.js", "socket.io.js.map", "socket.io.min.js", "socket.io.min.js.map", "socket.io.esm.min.js", "socket.io.msgpack.min.js", "none.js"]) {
    behaviour(`client: ${file}`, "plain", async (origin) => {
      const { status, headers } = await request(origin, `/socket.io/${file}?version=1`);
      return [`${status}`, headers["content-type"] ?? "-"];
    });
  }
  behaviour("client: is kept, and asked for by its tag", "plain", async (origin) => {
    const first = await request(origin, "/socket.io/socket.io.js");
    const again = await request(origin, "/socket.io/socket.io.js", { headers: { "if-none-match": first.headers.etag } });
    return [first.headers["cache-control"], first.headers.etag, `${again.status}`, first.body.length, again.body.length];
  });
};

