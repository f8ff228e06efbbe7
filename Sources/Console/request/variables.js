import { getVariableValues, print, typeFromAST } from 'graphql';
import { h, fill } from '../page/dom.js';
import { jsonEditor } from '../language/editor.js';
import { input } from './inputs.js';

/** The variables of the operation as a form, by their types, or as JSON. What holds is always the JSON text. */
export class Variables {
  /** @param {HTMLElement} place @param {{onChange: () => void, run: () => void}} owner */
  constructor(place, owner) {
    this.place = place;
    this.owner = owner;
    this.text = '{}';
    this.isJSON = false;
    this.definitions = [];
    this.schema = null;
    this.drawn = '';
  }

  /** @param {string} text */
  set(text) {
    this.text = text;
    this.drawn = '';
    this.draw();
  }

  /** The values. @throws If the text is not a JSON object. */
  values() {
    if (!this.text.trim()) return {};
    const value = JSON.parse(this.text);
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    if (!isObject) throw new Error('Variables are a JSON object, { … }.');
    return value;
  }

  /** Only those that the operation has, in its order. */
  used() {
    const values = this.values();
    const names = this.definitions.map((definition) => definition.variable.name.value).filter((name) => name in values);
    return Object.fromEntries(names.map((name) => [name, values[name]]));
  }

  /** What is missing or does not fit, by variable. @returns {Record<string, string>} */
  errors() {
    let values;
    try {
      values = this.values();
    } catch (error) {
      return { '': error instanceof SyntaxError ? `The variables are not JSON: ${error.message}` : error.message };
    }
    if (!this.schema) return {};
    const { errors = [] } = getVariableValues(this.schema, this.definitions, values);
    return Object.fromEntries(errors.map((error) => [error.nodes?.[0]?.variable?.name.value ?? '', error.message]));
  }

  /**
   * Looks at the operation again.
   *
   * @param {import('graphql').GraphQLSchema|null} schema
   * @param {import('graphql').OperationDefinitionNode|undefined} operation
   */
  update(schema, operation) {
    this.schema = schema;
    this.definitions = [...operation?.variableDefinitions ?? []];
    this.draw();
  }

  draw() {
    const signature = JSON.stringify([this.isJSON, Boolean(this.schema), this.definitions.map(print)]);
    if (signature !== this.drawn) {
      this.drawn = signature;
      this.build();
    }
    this.showErrors();
  }

  build() {
    const isEmpty = !this.definitions.length && !this.isJSON;
    this.place.hidden = isEmpty;
    if (isEmpty) return;
    let values = null;
    try {
      values = this.values();
    } catch {
      // Only as text, then.
      this.isJSON = true;
    }
    const asForm = !this.isJSON && this.schema && values;
    const toggle = h('button.quiet', {
      type: 'button', onclick: () => {
        this.isJSON = !this.isJSON;
        this.draw();
      },
    }, asForm ? 'As JSON' : 'As a form');
    const body = h('div.variable-fields');
    fill(this.place, h('div.variables-head', {}, h('h3', {}, 'Variables'), this.schema ? toggle : null), body);
    if (asForm) fill(body, this.definitions.map((definition) => this.field(definition, values)));
    else this.editor(body);
  }

  field(definition, values) {
    const name = definition.variable.name.value;
    const id = `variable-${name}`;
    const type = typeFromAST(this.schema, definition.type);
    const otherwise = definition.defaultValue ? print(definition.defaultValue) : '';
    return h('div.field', {},
      h('label', { for: id }, name, ' ', h('span.type', {}, print(definition.type))),
      type ? input(id, type, values[name], otherwise, (value) => this.change(name, value)) : null,
      h('p.field-error', { id: `${id}-error`, dataset: { variable: name } }));
  }

  editor(body) {
    const editor = jsonEditor(body, { label: 'Variables as JSON', value: this.text, run: this.owner.run });
    editor.on('change', () => {
      this.text = editor.getValue();
      this.showErrors();
      this.owner.onChange();
    });
    body.append(h('p.field-error', { dataset: { variable: '' } }));
    editor.refresh();
  }

  change(name, value) {
    const { [name]: _, ...others } = this.values();
    const all = value === undefined ? others : { ...others, [name]: value };
    this.text = JSON.stringify(all, null, 2);
    this.showErrors();
    this.owner.onChange();
  }

  showErrors() {
    const errors = this.errors();
    for (const line of this.place.querySelectorAll('.field-error')) {
      const name = line.dataset.variable ?? '';
      // The JSON editor has one line for all.
      const text = name === '' ? Object.values(errors)[0] ?? '' : errors[name] ?? '';
      line.textContent = text;
      const field = this.place.querySelector(`#variable-${CSS.escape(name || 'none')}`);
      if (field) {
        field.toggleAttribute('aria-invalid', Boolean(text));
        if (text) field.setAttribute('aria-invalid', 'true');
        field.setAttribute('aria-errormessage', line.id);
      }
    }
  }
}
