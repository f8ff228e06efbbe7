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
  const entry = { query, variables, at: Date.now() };
  write(key, [entry, ...entries().filter((other) => !isSame(entry, other))].slice(0, most));
}

const isSame = (left, right) => left.query === right.query && left.variables === right.variables;

/** @param {Entry} entry */
export const forget = (entry) => write(key, entries().filter((other) => !isSame(entry, other)));
export const forgetAll = () => write(key, []);

/** What stands in the editor. */
export const draft = () => {
  const value = read(draftKey, null);
  return typeof value?.query === 'string' ? value : null;
};
/** @param {{query: string, variables: string}} value */
export const keepDraft = (value) => write(draftKey, value);
