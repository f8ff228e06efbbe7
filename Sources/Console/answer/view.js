import { h } from '../page/dom.js';
import { tabs } from '../page/tabs.js';
import { jsonEditor } from '../language/editor.js';
import { use } from '../panels/use.js';
import { chartView } from './chartView.js';
import { columns } from './columns.js';
import { datasets } from './datasets.js';
import { details } from './facts.js';
import { frames } from './frames.js';
import { tableView } from './table.js';

/**
 * What was asked.
 *
 * @typedef {{query: string, variables: any, document: import('graphql').DocumentNode,
 *   operation: import('graphql').OperationDefinitionNode|undefined, operationName?: string}} Asked
 */

/**
 * The views of an answer. The first one that is shown fits its shape, unless the reader chose another before.
 *
 * @param {Asked} asked
 * @param {import('../request/client.js').Reply} reply
 * @param {import('graphql').GraphQLSchema|null} schema
 * @param {any[]} saved
 * @param {{view: string|null}} preference
 */
export function answerViews(asked, reply, schema, saved, preference) {
  const data = reply.body?.data ?? null;
  const errors = reply.body?.errors ?? [];
  const sets = datasets(data, columns(schema, asked.document, asked.operation, asked.variables));
  const drawn = frames(sets);
  const all = [
    { id: 'chart', title: 'Chart', show: () => chartView(drawn).element },
    { id: 'table', title: 'Table', show: () => tables(sets, errors) },
    { id: 'json', title: 'JSON', show: () => json(reply) },
    { id: 'details', title: 'Cost and freshness', show: () => details(reply) },
    { id: 'use', title: 'Use this', show: () => use(asked, saved, sets) },
  ];
  const fitting = drawn.length ? 'chart' : sets.length ? 'table' : 'json';
  let isFirst = true;
  const wanted = preference.view && data && (preference.view !== 'chart' || drawn.length) ? preference.view : fitting;
  return tabs('Answer', all, wanted, (id) => {
    if (!isFirst) preference.view = id;
    isFirst = false;
  });
}

const tables = (sets, errors) => sets.length ? sets.map((set) => tableView(set, errors).element)
  : h('p.empty', {}, 'There are no rows in this answer. JSON has all of it.');

function json(reply) {
  const place = h('div.editor.read-only');
  queueMicrotask(() => {
    const text = reply.body ? JSON.stringify(reply.body, null, 2) : reply.text;
    jsonEditor(place, { label: 'The answer as JSON', value: text.slice(0, 2_000_000), readOnly: true });
  });
  return place;
}
