import { serverSentEvents } from './events.js';

const shortestPause = 1000;
const longestPause = 30_000;

/** The server does not open the stream. What it said is in `reply`, as of any other request. */
export class Refusal extends Error {
  /** @param {Response} response @param {string} text */
  constructor(response, text) {
    super(`The server answered ${response.status}.`);
    this.response = response;
    this.text = text;
  }

  /** The response in JSON, or null. */
  get body() {
    try {
      return JSON.parse(this.text);
    } catch {
      return null;
    }
  }
}

/**
 * The responses of a subscription, as they come (GraphQL over SSE, distinct connections). When the connection is lost it is made again,
 * and the server is told what was seen last: nothing comes twice.
 *
 * @param {{query: string, variables?: any, operationName?: string, extensions?: any}} request
 * @param {{signal: AbortSignal, headers?: Record<string, string>, onOpen?: () => void, onLost?: (milliseconds: number) => void}} options
 *   `onLost` is told how long it is until the next try.
 * @returns {AsyncGenerator<any>}
 * @throws {Refusal} Also when a server that was away does not know the subscription any more.
 * @throws {TypeError} If there is no server at the first try.
 */
export async function* subscribe(request, { signal, headers = {}, onOpen = () => {}, onLost = () => {} }) {
  let place = '';
  let wasOpen = false;
  let failures = 0;
  for (;;) {
    let least = 0;
    try {
      const response = await open(request, place, headers, signal);
      wasOpen = true;
      onOpen();
      for await (const { type, data, id } of serverSentEvents(response.body)) {
        failures = 0;
        if (id !== undefined) place = id;
        if (type === 'complete') return;
        if (type === 'next' && data !== null) yield JSON.parse(data);
      }
    } catch (error) {
      if (signal.aborted || !wasOpen) throw error;
      if (error instanceof Refusal) {
        // What was seen means nothing to it: from the beginning then.
        if (error.body?.errors?.[0]?.extensions?.code === 'UNKNOWN_EVENT_ID' && place) place = '';
        else if (error.response.status !== 503) throw error;
        least = Number(error.response.headers.get('Retry-After') ?? 0) * 1000;
      }
    }
    const pause = Math.max(least, Math.min(longestPause, shortestPause * 2 ** failures));
    failures += 1;
    onLost(pause);
    await passed(pause, signal);
  }
}

async function open(request, place, headers, signal) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      ...headers, 'Content-Type': 'application/json', Accept: 'text/event-stream', ...place ? { 'Last-Event-ID': place } : {},
    },
    body: JSON.stringify(request),
    credentials: 'same-origin',
    cache: 'no-store',
    signal,
  });
  const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream');
  if (!response.ok || !isStream) throw new Refusal(response, await response.text());
  return response;
}

/** @throws If the signal comes before. */
const passed = (milliseconds, signal) => new Promise((resolve, reject) => {
  const stop = () => {
    clearTimeout(timer);
    reject(signal.reason);
  };
  const timer = setTimeout(() => {
    signal.removeEventListener('abort', stop);
    resolve();
  }, milliseconds);
  signal.addEventListener('abort', stop, { once: true });
});
