import {
  GraphQLBoolean, GraphQLEnumType, getNamedType, isInputType, isLeafType, isObjectType, isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import CodeMirror from 'codemirror/lib/codemirror.js';
import 'codemirror/addon/hint/show-hint.js';
import { h } from '../page/dom.js';
import { contextAt } from './context.js';

/** What may stand at the cursor. @param {CodeMirror.Editor} editor @param {import('graphql').GraphQLSchema|null} schema */
export function completions(editor, schema) {
  if (!schema) return null;
  const cursor = editor.getCursor();
  const line = editor.getLine(cursor.line).slice(0, cursor.ch);
  const word = /[$@]?\w*$/.exec(line)?.[0] ?? '';
  const from = CodeMirror.Pos(cursor.line, cursor.ch - word.length);
  const context = contextAt(schema, editor.getRange(CodeMirror.Pos(0, 0), from) + (word.startsWith('@') ? '@' : ''));
  const all = proposals(schema, context);
  const typed = word.toLowerCase();
  // What begins so comes first, then what has it inside.
  const place = (entry) => entry.text.toLowerCase().indexOf(typed);
  const list = [...all.filter((entry) => place(entry) === 0), ...all.filter((entry) => place(entry) > 0)];
  if (!list.length || (list.length === 1 && list[0].text === word)) return null;
  return { list, from, to: cursor };
}

/** @param {import('graphql').GraphQLSchema} schema @param {import('./context.js').Context} context */
function proposals(schema, context) {
  switch (context.kind) {
    case 'document':
      return ['query', 'mutation', 'subscription', 'fragment', '{'].map((text) => proposal(text, '', ''));
    case 'selection':
      return [
        ...Object.values(context.type.getFields?.() ?? {}).map((field) =>
          proposal(field.name, field.type, field.description, field.deprecationReason)),
        proposal('__typename', 'String!', 'The name of this type.'),
      ];
    case 'argument':
      return context.fields.map((field) => proposal(
        `${field.name}: `, field.type, field.description, field.deprecationReason,
        isRequiredArgument(field) || isRequiredInputField(field)));
    case 'value':
      return values(context);
    case 'directive':
      return schema.getDirectives()
        .filter((directive) => directive.locations.some((where) => ['QUERY', 'FIELD'].includes(where)))
        .map((directive) => proposal(`@${directive.name}`, '', directive.description));
    case 'type':
      return types(schema, isInputType);
    case 'condition':
      return types(schema, isObjectType);
    default:
      return [];
  }
}

function values({ type, variables }) {
  const named = type ? getNamedType(type) : null;
  const list = named instanceof GraphQLEnumType
    ? named.getValues().map((value) => proposal(value.name, '', value.description, value.deprecationReason))
    : named === GraphQLBoolean ? ['true', 'false'].map((text) => proposal(text, '', '')) : [];
  return [...list, ...variables.map((variable) => proposal(`$${variable.name}`, variable.type, ''))];
}

const types = (schema, accepts) => Object.values(schema.getTypeMap())
  .filter((type) => accepts(type) && !type.name.startsWith('__'))
  .map((type) => proposal(type.name, isLeafType(type) ? '' : 'input', type.description));

function proposal(text, type, description, deprecated, required = false) {
  return {
    text,
    className: deprecated ? 'hint-deprecated' : '',
    render: (element) => element.append(
      h('span.hint-name', {}, text.trim().replace(/:$/, ''), required ? h('b', { title: 'required' }, ' *') : null),
      h('span.hint-type', {}, String(type ?? '')),
      h('span.hint-about', {}, deprecated ?? oneLine(description)),
    ),
  };
}

const oneLine = (text) => (text ?? '').replaceAll('`', '').replace(/\s+/g, ' ').trim();
