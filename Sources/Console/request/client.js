/**
 * One request and what came of it.
 *
 * @typedef {{body: any, text: string, status: number, headers: Headers, milliseconds: number}} Reply
 */

const json = 'application/graphql-response+json, application/json;q=0.9';

/**
 * Sends a request to `/graphql`.
 *
 * @param {{query: string, variables?: any, operationName?: string, extensions?: any}} request
 * @param {{accept?: string, headers?: Record<string, string>, signal?: AbortSignal}} [options]
 * @returns {Promise<Reply>} Also of errors that the server tells. Rejected only if there was no answer.
 */
export async function post(request, { accept = json, headers = {}, signal } = {}) {
  const start = performance.now();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify(request),
    credentials: 'same-origin',
    signal,
  });
  const text = await response.text();
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not ours, or another format that was asked for: shown as it is.
  }
  return { body, text, status: response.status, headers: response.headers, milliseconds: performance.now() - start };
}

/**
 * The saved queries that the server has.
 *
 * @returns {Promise<{name: string, description: string, document: string, parameters: {name: string}[]}[]>}
 */
export async function savedQueries() {
  try {
    const response = await fetch('/q', { headers: { Accept: 'application/json' } });
    return response.ok ? (await response.json()).queries ?? [] : [];
  } catch {
    return [];
  }
}
