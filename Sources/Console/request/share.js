/**
 * Links that hold a query. It stands behind `#`, which browsers do not send: no server and no log sees it.
 *
 * @typedef {{query: string, variables: string, view?: string}} Shared
 */

/** The longest text that a link may unpack to. */
const longest = 256 * 1024;

/** @param {Shared} shared @returns {Promise<string>} What stands behind `#`. */
export async function toFragment(shared) {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  return `q=${toBase64(await through(bytes, new CompressionStream('deflate-raw')))}`;
}

/** @param {string} fragment @returns {Promise<Shared|null>} Null if there is no query in it. @throws If it is damaged. */
export async function fromFragment(fragment) {
  const code = /^#?q=([\w-]+)$/.exec(fragment)?.[1];
  if (!code) return null;
  const bytes = await through(fromBase64(code), new DecompressionStream('deflate-raw'), longest);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const shared = JSON.parse(text);
  if (typeof shared?.query !== 'string') throw new Error('there is no query in it');
  return {
    query: shared.query,
    variables: typeof shared.variables === 'string' ? shared.variables : '{}',
    view: typeof shared.view === 'string' ? shared.view : undefined,
  };
}

async function through(bytes, stream, limit = Infinity) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > limit) throw new Error('it is too long');
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const toBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  .replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const fromBase64 = (code) => Uint8Array.from(
  atob(code.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
