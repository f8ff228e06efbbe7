import {
  GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLList, getNamedType, getNullableType,
} from 'graphql';
import { h } from '../page/dom.js';
import { plural } from '../page/format.js';

/**
 * The Tweets that somebody has typed or pasted: ids, or links to Tweets, with anything in between.
 *
 * @param {string} text
 * @returns {string[]} As text: ids do not fit into numbers of JavaScript.
 */
export function tweetIds(text) {
  const id = (word) => /(?:^|\/status(?:es)?\/)(\d{1,20})(?:[/?#].*)?$/.exec(word)?.[1] ?? word;
  return text.split(/[\s,;"'[\]]+/).map(id).filter(Boolean);
}

/**
 * A field for one variable, by its type.
 *
 * @param {string} id
 * @param {import('graphql').GraphQLInputType} type
 * @param {any} value Undefined if nothing is given.
 * @param {string} otherwise The default, as it is written in the document.
 * @param {(value: any) => void} change Undefined for nothing.
 * @returns {HTMLElement}
 */
export function input(id, type, value, otherwise, change) {
  const nullable = getNullableType(type);
  const named = getNamedType(type);
  if (nullable instanceof GraphQLList) {
    const isIDs = getNullableType(nullable.ofType) === GraphQLID;
    return isIDs ? idsInput(id, value, change) : json(id, value, otherwise, change);
  }
  if (named instanceof GraphQLEnumType) {
    return choice(id, named.getValues().map((each) => each.name), value, otherwise, change);
  }
  if (named === GraphQLBoolean) {
    return choice(id, ['true', 'false'], value === undefined ? undefined : String(value), otherwise,
      (text) => change(text === undefined ? undefined : text === 'true'));
  }
  if (named === GraphQLInt || named === GraphQLFloat || named.name === 'Long') {
    // What is no number stays as it is, and is said to be none.
    const numeric = (written) => Number.isNaN(Number(written)) ? written : Number(written);
    return text(id, value, otherwise, (written) => change(written === '' ? undefined : numeric(written)),
      { inputmode: 'numeric' });
  }
  if (named === GraphQLID) return text(id, value, otherwise || 'id or link', (written) => change(tweetIds(written)[0]));
  if ('getFields' in named) return json(id, value, otherwise, change);
  const hints = { DateTime: 'such as 2026-11-20 or 2026-11-20T17:00:00Z', Date: 'such as 2026-11-20' };
  return text(id, value, otherwise || hints[named.name], (written) => change(written === '' ? undefined : written));
}

function idsInput(id, value, change) {
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const count = h('span.count', { id: `${id}-count` }, plural(list.length, 'Tweet'));
  const area = h('textarea', {
    id, rows: Math.min(6, Math.max(2, list.length)), spellcheck: 'false', 'aria-describedby': count.id,
    placeholder: 'Paste ids or links of Tweets', value: list.join('\n'),
    oninput: () => {
      const ids = tweetIds(area.value);
      count.textContent = plural(ids.length, 'Tweet');
      change(ids.length ? ids : undefined);
    },
  });
  return h('div', {}, area, count);
}

function choice(id, names, value, otherwise, change) {
  const select = h('select', { id, onchange: () => change(select.value === '' ? undefined : select.value) },
    h('option', { value: '' }, otherwise ? `${otherwise} (default)` : 'not given'),
    names.map((name) => h('option', { value: name }, name)));
  select.value = value ?? '';
  return select;
}

const text = (id, value, otherwise, change, more = {}) => {
  const field = h('input', {
    id, type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: otherwise ?? '', value: value ?? '',
    oninput: () => change(field.value.trim()), ...more,
  });
  return field;
};

const json = (id, value, otherwise, change) => {
  const field = h('input.code', {
    id, type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: otherwise || 'JSON',
    value: value === undefined ? '' : JSON.stringify(value),
    oninput: () => {
      const written = field.value.trim();
      try {
        change(written === '' ? undefined : JSON.parse(written));
        field.setCustomValidity('');
      } catch {
        field.setCustomValidity('This is not JSON.');
        change(written);
      }
    },
  });
  return field;
};
