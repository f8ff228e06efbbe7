import { fill, h, save } from '../page/dom.js';
import { post } from '../request/client.js';
import { tables } from '../request/tables.js';

/**
 * Buttons that save rows as the server makes them: the same as its links give, and nothing that is made here.
 *
 * @param {import('../answer/view.js').Asked} asked
 */
export function saveRows(asked) {
  const all = tables(asked);
  if (!all.length) return null;
  const problem = h('div', { role: 'alert' });
  const button = (table) => {
    const element = h('button', { type: 'button', onclick: () => ask(table, element, problem) }, `Save ${table.name}.csv`);
    return element;
  };
  return [h('div.buttons', {}, all.map(button)), problem];
}

async function ask({ name, query, variables }, button, problem) {
  fill(problem);
  button.disabled = true;
  try {
    const reply = await post({ query, variables }, { accept: 'text/csv, application/graphql-response+json;q=0.1' });
    const isTable = reply.status === 200 && reply.headers.get('Content-Type')?.startsWith('text/csv');
    if (isTable) save(`${name}.csv`, 'text/csv;charset=utf-8', reply.text);
    else fill(problem, h('p.field-error', {}, `There is no ${name}.csv. ${reason(reply)}`));
  } catch (error) {
    fill(problem, h('p.field-error', {}, `There is no ${name}.csv: the server does not answer, or broke off (${error.message}).`));
  } finally {
    button.disabled = false;
  }
}

const reason = ({ body, status }) => body?.errors?.map((error) => error.message).join(' ') || `The server answered ${status}.`;
