import { GraphQLError, NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';

/**
 * What is wrong with a document, by the rules of the specification and the live schema.
 *
 * @typedef {{message: string, severity: 'error'|'warning', line: number, column: number, length: number}} Problem
 * @param {import('graphql').GraphQLSchema|null} schema Without one only the syntax is looked at.
 * @param {string} text
 * @returns {Problem[]}
 */
export function problems(schema, text) {
  if (!text.trim()) return [];
  let document;
  try {
    document = parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return [problem(error, 'error', text)];
    throw error;
  }
  if (!schema) return [];
  return [
    ...validate(schema, document, specifiedRules).map((error) => problem(error, 'error', text)),
    ...validate(schema, document, [NoDeprecatedCustomRule]).map((error) => problem(error, 'warning', text)),
  ].slice(0, 20);
}

/** The document, if it can be read. @param {string} text @returns {import('graphql').DocumentNode|null} */
export function readable(text) {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

/** @returns {Problem} */
function problem(error, severity, text) {
  const { line, column } = error.locations?.[0] ?? { line: 1, column: 1 };
  const token = error.nodes?.[0]?.loc?.startToken;
  const offset = error.positions?.[0] ?? 0;
  const length = token ? token.end - token.start : /^\w+|^./.exec(text.slice(offset))?.[0].length ?? 1;
  return { message: error.message, severity, line, column, length };
}
