import { print } from 'graphql';
import { readable } from './problems.js';

/**
 * A query in the usual form.
 *
 * @param {string} text
 * @returns {{text: string}|{reason: string}} Or why it stays as it is: printing loses comments, but those at its head are kept.
 */
export function prettified(text) {
  const head = /^(?:\s*#.*\n)*/.exec(text)?.[0] ?? '';
  const rest = text.slice(head.length);
  if (rest.replace(/"(?:[^"\\\n]|\\.)*"/g, '').includes('#')) {
    return { reason: 'Comments inside of the query would be lost: it stays as it is.' };
  }
  const document = readable(rest);
  return document ? { text: `${head}${print(document)}\n` } : { reason: 'The query cannot be read yet.' };
}
