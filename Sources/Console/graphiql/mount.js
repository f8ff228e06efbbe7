import { post } from '../request/client.js';
import { fromFragment } from '../request/share.js';
import { starters } from '../request/starters.js';
import { Refusal, subscribe } from '../request/subscribe.js';

/* global GraphiQL, GraphiQLPluginExplorer, React, ReactDOM */

/** Asks this server: once, or as long as somebody listens. */
function fetcher(request, { headers, documentAST } = {}) {
  return isSubscription(documentAST, request.operationName) ? stream(request, headers)
    : post(request, { headers }).then(({ body, text, status }) => body ?? Promise.reject(new Error(text || `Status ${status}`)));
}

function isSubscription(document, name) {
  const operations = document?.definitions.filter((node) => node.kind === 'OperationDefinition') ?? [];
  return (operations.find((node) => !name || node.name?.value === name) ?? operations[0])?.operation === 'subscription';
}

/** The responses of a subscription, until GraphiQL wants no more. */
function stream(request, headers) {
  const controller = new AbortController();
  const responses = subscribe(request, { signal: controller.signal, headers });
  const end = { done: true, value: undefined };
  return {
    [Symbol.asyncIterator]() { return this; },
    async next() {
      try {
        return await responses.next();
      } catch (error) {
        if (controller.signal.aborted) return end;
        if (error instanceof Refusal && error.body) return { done: false, value: error.body };
        throw error;
      }
    },
    async return() {
      controller.abort();
      return end;
    },
  };
}

/** What the link brings; a link of the console is one of this page too. */
async function shared() {
  try {
    return await fromFragment(location.hash);
  } catch {
    return null;
  }
}

const link = await shared();
const way = React.createElement('a', { href: '/', className: 'to-console', title: 'To the console' }, 'EngageQL console');
ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, {
  fetcher,
  query: link?.query,
  variables: link?.variables,
  defaultQuery: starters[0].query,
  defaultEditorToolsVisibility: true,
  plugins: [GraphiQLPluginExplorer.explorerPlugin()],
}, React.createElement(GraphiQL.Logo, {}, way)));
