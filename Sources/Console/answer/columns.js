import { getNamedType, getNullableType, GraphQLList, isEnumType, isObjectType, Kind, valueFromAST } from 'graphql';

/**
 * What an operation asks for, as a tree of columns: names, kinds and descriptions from the schema.
 *
 * `kind`: `id`, `number`, `ratio` (a share of 1), `bucket` (a time that rows are divided by), `moment` (any other time), `date`,
 * `hour` (of the day), `category` (an enum), `text`; `receipt` is when an event came (`journal.js`).
 *
 * @typedef {{key: string, name: string, kind: string, isList: boolean, about: string, timeZone?: string, field: string,
 *   children: Column[]|null}} Column
 */

/**
 * @param {import('graphql').GraphQLSchema|null} schema
 * @param {import('graphql').DocumentNode} document
 * @param {import('graphql').OperationDefinitionNode} operation
 * @param {any} variables
 * @returns {Column[]|null} Null without a schema: the answer itself has to do.
 */
export function columns(schema, document, operation, variables) {
  if (!schema || !operation) return null;
  const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
  const root = roots[operation.operation];
  if (!root) return null;
  const fragments = new Map(document.definitions
    .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]));
  const values = { ...defaults(schema, operation), ...variables };
  return selection(schema, root, operation.selectionSet, fragments, values, undefined);
}

function defaults(schema, operation) {
  const entries = (operation.variableDefinitions ?? []).filter((node) => node.defaultValue)
    .map((node) => [node.variable.name.value, node.defaultValue.value]);
  return Object.fromEntries(entries);
}

function selection(schema, type, set, fragments, variables, timeZone) {
  const all = new Map();
  const add = (column) => {
    const known = all.get(column.key);
    const isNew = (child) => !known.children.some((other) => other.key === child.key);
    if (known?.children && column.children) known.children.push(...column.children.filter(isNew));
    else if (!known) all.set(column.key, column);
  };
  for (const node of set.selections) {
    if (node.kind === Kind.FIELD) {
      const field = type.getFields()[node.name.value];
      if (field) add(column(schema, node, field, fragments, variables, timeZone));
    } else {
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (fragment) selection(schema, type, fragment.selectionSet, fragments, variables, timeZone).forEach(add);
    }
  }
  return [...all.values()];
}

function column(schema, node, field, fragments, variables, outerZone) {
  const key = (node.alias ?? node.name).value;
  const named = getNamedType(field.type);
  const argument = node.arguments?.find((each) => each.name.value === 'timeZone');
  const declared = field.args.find((each) => each.name === 'timeZone');
  const zone = argument ? valueFromAST(argument.value, declared?.type ?? null, variables) : declared?.defaultValue;
  const timeZone = zone ?? outerZone;
  return {
    key,
    name: key,
    field: node.name.value,
    kind: kind(named.name, node.name.value, isEnumType(named)),
    isList: getNullableType(field.type) instanceof GraphQLList,
    about: field.description ?? '',
    timeZone,
    children: isObjectType(named) && node.selectionSet
      ? selection(schema, named, node.selectionSet, fragments, variables, timeZone) : null,
  };
}

function kind(type, field, isEnum) {
  if (isEnum) return 'category';
  switch (type) {
    case 'ID': return 'id';
    case 'Float': return /rate$/i.test(field) ? 'ratio' : 'number';
    case 'Int': return field === 'hourOfDay' ? 'hour' : 'number';
    case 'Long': return 'number';
    case 'DateTime': return field === 'start' || field === 'end' ? 'bucket' : 'moment';
    case 'Date': return 'date';
    default: return 'text';
  }
}

/** Columns from the values alone. @param {any} value @returns {Column[]} */
export function guessed(value) {
  return Object.entries(value ?? {}).map(([key, each]) => {
    const first = Array.isArray(each) ? each.find((item) => item !== null) : each;
    const isObject = first !== null && typeof first === 'object';
    return {
      key, name: key, field: key, about: '', isList: Array.isArray(each), timeZone: 'UTC',
      kind: kind(guessedType(key, first), key, key === 'engagementType'),
      children: isObject ? guessed(first) : null,
    };
  });
}

function guessedType(key, value) {
  if (typeof value === 'number') return key === 'hourOfDay' ? 'Int' : 'Float';
  if (/id$/i.test(key)) return 'ID';
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return 'DateTime';
  return /^\d{4}-\d\d-\d\d$/.test(value) ? 'Date' : 'String';
}
