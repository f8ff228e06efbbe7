import { Kind, print, separateOperations, visit } from 'graphql';

/**
 * The question for each table of its own: a table has one list at each level, so that fields beside each other at the root have one each.
 *
 * @param {{document: import('graphql').DocumentNode, operation: import('graphql').OperationDefinitionNode|undefined, variables: any}} asked
 * @returns {{name: string, query: string, variables: any}[]} None if it is no query.
 */
export function tables({ document, operation, variables }) {
  if (operation?.operation !== 'query') return [];
  const fields = operation.selectionSet.selections;
  // What a fragment brings to the root is not known by name here: all of it is one table, if it can be.
  const names = fields.every((node) => node.kind === Kind.FIELD) ? [...new Set(fields.map(keyOf))] : [];
  if (names.length < 2) {
    return [{ name: names[0] ?? operation.name?.value ?? 'rows', ...narrowed(document, operation, variables, () => true) }];
  }
  return names.map((name) => ({ name, ...narrowed(document, operation, variables, (node) => keyOf(node) === name) }));
}

const keyOf = (node) => (node.alias ?? node.name).value;

/** The operation with some of its fields alone, and with the fragments and variables that these use. */
function narrowed(document, operation, variables, isKept) {
  const selections = operation.selectionSet.selections.filter(isKept);
  const kept = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const others = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const [whole] = Object.values(separateOperations({ ...document, definitions: [kept, ...others] }));
  const used = new Set();
  visit({ ...whole, definitions: whole.definitions.map((node) => ({ ...node, variableDefinitions: [] })) }, {
    Variable: (node) => { used.add(node.name.value); },
  });
  const variableDefinitions = operation.variableDefinitions?.filter((node) => used.has(node.variable.name.value));
  const definitions = whole.definitions.map((node) => node.kind === Kind.OPERATION_DEFINITION ? { ...node, variableDefinitions } : node);
  return {
    query: print({ ...whole, definitions }),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name))),
  };
}
