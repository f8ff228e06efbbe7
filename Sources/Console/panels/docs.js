import { getNamedType, isEnumType, isInputObjectType, isObjectType, isScalarType } from 'graphql';
import { h, fill } from '../page/dom.js';

/**
 * The schema, type by type, with what its descriptions say of the API's caveats.
 *
 * @param {HTMLElement} place
 * @param {import('graphql').GraphQLSchema|null} schema
 * @param {string} reason Why there is none.
 */
export function docs(place, schema, reason) {
  if (!schema) {
    fill(place, h('p.empty', {}, reason || 'The schema is being fetched.'));
    return;
  }
  const search = h('input', {
    type: 'search', placeholder: 'Search names and descriptions', 'aria-label': 'Search the schema',
    oninput: () => find(search.value),
  });
  const body = h('div.docs');
  const trail = [];
  const fields = (type) => h('dl.fields', {}, Object.values(type.getFields()).map((field) => [
    h('dt', {}, h('code', {}, field.name), ': ', typeLink(field.type)),
    h('dd', {}, paragraphs(field.description), old(field),
      field.args?.length ? h('dl.args', {}, field.args.map(argument)) : null),
  ]));
  const argument = (each) => [
    h('dt', {}, h('code', {}, each.name), ': ', typeLink(each.type)), h('dd', {}, paragraphs(each.description)),
  ];
  const directive = (each) => [
    h('p', {}, h('code', {}, `@${each.name}`)), paragraphs(each.description), h('dl.args', {}, each.args.map(argument)),
  ];
  const link = (type) => h('button.link', { type: 'button', onclick: () => open(type) }, type.name);
  const typeLink = (type) => {
    const [before, after] = String(type).split(getNamedType(type).name);
    return [before, link(getNamedType(type)), after];
  };
  fill(place, search, body);
  overview();

  function overview() {
    trail.length = 0;
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(Boolean);
    const types = Object.values(schema.getTypeMap())
      .filter((type) => !type.name.startsWith('__') && !roots.includes(type));
    fill(body, paragraphs(schema.description), roots.map((type) => [h('h3', {}, type.name), fields(type)]),
      h('h3', {}, 'Directives'), schema.getDirectives().map(directive),
      h('h3', {}, 'Types'), h('ul.plain', {}, types.map((type) => h('li', {}, link(type)))));
  }

  function open(type) {
    trail.push(type);
    const path = trail.slice(-3, -1).map((each) => [' › ', link(each)]);
    fill(body, h('p', {}, h('button.link', { type: 'button', onclick: overview }, 'All'), path, ' › ', type.name),
      h('h3', {}, type.name), paragraphs(type.description), content(type));
    place.scrollTop = 0;
  }

  function find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return overview();
    const found = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      const has = (each) => `${each.name} ${each.description ?? ''}`.toLowerCase().includes(wanted);
      if (has(type)) found.push(h('li', {}, link(type)));
      const parts = isEnumType(type) ? type.getValues() : type.getFields ? Object.values(type.getFields()) : [];
      for (const part of parts.filter(has)) {
        found.push(h('li', {}, link(type), `.${part.name}`, paragraphs(part.description)));
      }
    }
    fill(body, found.length ? h('ul.plain', {}, found.slice(0, 100))
      : h('p.empty', {}, `Nothing has “${text}” in its name or description.`));
  }

  function content(type) {
    if (isEnumType(type)) {
      return h('dl.fields', {}, type.getValues().map((value) => [
        h('dt', {}, h('code', {}, value.name)), h('dd', {}, paragraphs(value.description), old(value)),
      ]));
    }
    if (isObjectType(type) || isInputObjectType(type)) return fields(type);
    return isScalarType(type) && type.specifiedByURL ? h('p', {}, 'Specified at ', h('code', {}, type.specifiedByURL)) : [];
  }
}

/** A description: paragraphs, and what stands in backticks as code. */
const paragraphs = (text) => (text ?? '').split(/\n\s*\n/).filter(Boolean).map((each) =>
  h('p', {}, each.replaceAll('\n', ' ').split('`').map((part, index) => index % 2 ? h('code', {}, part) : part)));
const old = (each) => each.deprecationReason ? h('p.deprecated', {}, `Deprecated. ${each.deprecationReason}`) : null;
