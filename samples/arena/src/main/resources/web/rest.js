// The REST side: log in, renew the token, read the world as it is now.

/** An answer that says no: a code for programs and a sentence for people. */
export class Refused extends Error {
  constructor({ code, message, retryAfterMs }) {
    super(message || "The server said no.");
    this.code = code || "UNKNOWN";
    this.retryAfterMs = retryAfterMs;
  }
}

async function call(path, { method = "GET", token, body } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(8000) });
  } catch {
    throw new Refused({ code: "UNREACHABLE", message: "The server can’t be reached. Is it running?" });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused({ code: answer.code ?? `HTTP_${response.status}`, message: answer.message ?? `The server answered ${response.status}.`, retryAfterMs: answer.retryAfterMs });
  return answer;
}

export const login = (name) => call("/api/login", { method: "POST", body: { name } });
export const refresh = (token) => call("/api/refresh", { method: "POST", token });
export const world = (token) => call("/api/world", { token });
