/**
 * The same question for other tools.
 *
 * @typedef {{query: string, variables: any, operationName?: string}} Request
 */

const body = ({ query, variables, operationName }, indent) => JSON.stringify(
  { query, ...Object.keys(variables).length ? { variables } : {}, ...named({ operationName }) }, null, indent);

const named = ({ operationName }) => operationName ? { operationName } : {};

/** For a POSIX shell. @param {string} origin @param {Request} request */
export const curl = (origin, request) => `curl '${origin}/graphql' \\
  -H 'content-type: application/json' \\
  -d '${body(request).replaceAll("'", `'\\''`)}'`;

/** @param {string} origin @param {Request} request */
export const fetchSnippet = (origin, request) => `const response = await fetch('${origin}/graphql', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(${body(request, 2).replaceAll('\n', '\n  ')}),
});
const { data, errors } = await response.json();`;

/** @param {string} origin @param {Request} request @param {string[]} paths Of lists of rows. */
export const pandas = (origin, request, paths) => `import pandas as pd
import requests

query = ${python(request.query)}
answer = requests.post(
    "${origin}/graphql",
    json=${pythonValue({ variables: request.variables, ...named(request) }).replace('{', '{"query": query, ')},
    timeout=60,
).json()
for error in answer.get("errors", []):
    print(error["message"])
${paths.map((path) => `${path.replaceAll(/\W/g, '_')} = pd.json_normalize(answer["data"]["${path}"])`).join('\n')}`;

/** Events of a subscription as they come. @param {string} origin @param {Request} request */
export const curlEvents = (origin, request) =>
  curl(origin, request).replace("curl '", "curl -N '").replace(' \\\n', " \\\n  -H 'accept: text/event-stream' \\\n");

/** @param {string} origin @param {Request} request */
export const eventSource = (origin, request) => `const question = new URLSearchParams({
  query: ${JSON.stringify(request.query)},
  variables: JSON.stringify(${JSON.stringify(request.variables)}),${request.operationName ? `
  operationName: ${JSON.stringify(request.operationName)},` : ''}
});
const events = new EventSource(\`${origin}/graphql?\${question}\`);
events.addEventListener('next', ({ data }) => console.log(JSON.parse(data)));
events.addEventListener('complete', () => events.close());`;

/** With a saved query. @param {string} url @param {string[]} ids Columns that are ids, and would lose digits as numbers. */
export const pandasCSV = (url, ids) => `import pandas as pd

rows = pd.read_csv("${url}"${ids.length ? `, dtype={${ids.map((id) => `"${id}": str`).join(', ')}}` : ''})`;

/** @param {string} url */
export const sheets = (url) => `=IMPORTDATA("${url}")`;

/**
 * The link of a saved query, or null if a variable has no place in it.
 *
 * @param {string} origin @param {string} name @param {any} variables
 */
export function savedLink(origin, name, variables) {
  const parameters = [];
  for (const [key, value] of Object.entries(variables)) {
    const values = [value].flat();
    if (value === null || values.some((each) => each !== null && typeof each === 'object')) return null;
    parameters.push(`${encodeURIComponent(key)}=${values.map((each) => encodeURIComponent(String(each))).join(',')}`);
  }
  return `${origin}/q/${encodeURIComponent(name)}.csv${parameters.length ? `?${parameters.join('&')}` : ''}`;
}

const python = (text) => text.includes('"""') || text.includes('\\') ? JSON.stringify(text) : `"""\n${text.trim()}\n"""`;
function pythonValue(value) {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pythonValue(each)}`).join(', ')}}`;
}
