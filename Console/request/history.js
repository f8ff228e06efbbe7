/**
 * What was asked, in this browser only.
 *
 * @typedef {{query: string, variables: string, at: number}} Entry
 */
const key = 'engageql.history';
const draftKey = 'engageql.draft';
const most = 50;

function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '') ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage that is full or switched off: the page works without.
  }
}

/** @returns {Entry[]} Newest first. */
export const entries = () => {
  const all = read(key, []);
  return Array.isArray(all) ? all.filter((entry) => typeof entry?.query === 'string') : [];
};

/** @param {{query: string, variables: string}} asked */
export function remember({ query, variables }) {
  const others = entries().filter((entry) => entry.query !== query || entry.variables !== variables);
  write(key, [{ query, variables, at: Date.now() }, ...others].slice(0, most));
}

/** @param {Entry} entry */
export const forget = (entry) => write(key, entries().filter((other) => other.query !== entry.query || other.variables !== entry.variables));
export const forgetAll = () => write(key, []);

/** What stands in the editor. */
export const draft = () => {
  const value = read(draftKey, null);
  return typeof value?.query === 'string' ? value : null;
};
/** @param {{query: string, variables: string}} value */
export const keepDraft = (value) => write(draftKey, value);
