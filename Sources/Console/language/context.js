import {
  GraphQLInputObjectType, GraphQLList, Lexer, Source, TokenKind, getNamedType, getNullableType, isCompositeType,
} from 'graphql';

/**
 * Where in a document the cursor stands.
 *
 * @typedef {{kind: 'document'|'selection'|'argument'|'value'|'directive'|'type'|'condition'|'spread'|'nothing',
 *   type?: any, fields?: any, variables: {name: string, type: string}[]}} Context
 */

/**
 * Reads the tokens before the cursor, of a document that need not be finished, and tells what may come next.
 *
 * @param {import('graphql').GraphQLSchema} schema
 * @param {string} text What stands before the word at the cursor.
 * @returns {Context}
 */
export function contextAt(schema, text) {
  const reader = new Reader(schema);
  for (const token of tokens(text)) reader.take(token);
  return reader.context();
}

/** The tokens up to the first thing that is none. @param {string} text */
function tokens(text) {
  const lexer = new Lexer(new Source(text));
  const all = [];
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) all.push(token);
  } catch {
    // Inside of a string, or behind something that is no GraphQL: nothing can be said.
    return [...all, { kind: 'broken' }];
  }
  return all;
}

/** A stack of brackets, each with the type of what it holds. */
class Reader {
  constructor(schema) {
    this.schema = schema;
    this.roots = new Map([
      ['query', schema.getQueryType()], ['mutation', schema.getMutationType()],
      ['subscription', schema.getSubscriptionType()],
    ]);
    this.stack = [{ kind: 'document', next: schema.getQueryType() }];
    this.variables = [];
    this.last = null;
    this.beforeLast = null;
    this.broken = false;
  }

  get top() { return this.stack[this.stack.length - 1]; }

  take(token) {
    if (token.kind === 'broken') this.broken = true;
    else if (token.kind === TokenKind.NAME) this.name(token.value);
    else this.punctuation(token.kind);
    this.beforeLast = this.last;
    this.last = token;
  }

  name(value) {
    const top = this.top;
    const before = this.last?.kind;
    if (before === TokenKind.AT) top.next = { directive: this.schema.getDirective(value) };
    else if (before === TokenKind.DOLLAR) {
      if (top.kind === 'definitions') this.variables.push({ name: value, type: '' });
      else this.valueEnds();
    } else if (this.last?.value === 'on' && (top.kind === 'document' || this.beforeLast?.kind === TokenKind.SPREAD)) {
      top.next = this.schema.getType(value);
    } else if (top.kind === 'document') {
      if (this.roots.has(value)) top.next = this.roots.get(value);
    } else if (top.kind === 'definitions') {
      const variable = this.variables[this.variables.length - 1];
      if (variable && before !== TokenKind.EQUALS) variable.type += value;
    } else if (top.kind === 'selection') {
      if (before !== TokenKind.SPREAD) top.next = top.type?.getFields?.()[value] ?? null;
    } else if (this.awaitsName(top)) top.argument = value;
    else this.valueEnds();
  }

  punctuation(kind) {
    const top = this.top;
    switch (kind) {
      case TokenKind.BRACE_L:
        if (top.kind === 'document' || top.kind === 'selection') {
          const type = top.next?.type ? getNamedType(top.next.type) : top.next;
          this.stack.push({ kind: 'selection', type: isCompositeType(type) ? type : null });
        } else {
          const type = this.valueType(top);
          const fields = type instanceof GraphQLInputObjectType ? Object.values(type.getFields()) : [];
          this.stack.push({ kind: 'fields', fields });
        }
        break;
      case TokenKind.PAREN_L:
        if (top.kind === 'document') this.stack.push({ kind: 'definitions' });
        else this.stack.push({ kind: 'fields', fields: top.next?.directive?.args ?? top.next?.args ?? [] });
        break;
      case TokenKind.BRACKET_L:
        if (top.kind !== 'definitions') {
          const type = getNullableType(this.valueType(top) ?? null);
          this.stack.push({ kind: 'list', type: type instanceof GraphQLList ? type.ofType : type });
        }
        break;
      case TokenKind.BRACE_R: case TokenKind.PAREN_R: case TokenKind.BRACKET_R:
        if (kind === TokenKind.BRACKET_R && top.kind === 'definitions') break;
        if (this.stack.length > 1) this.stack.pop();
        if (top.kind === 'selection' && this.top.kind === 'document') this.top.next = this.schema.getQueryType();
        if (top.kind === 'list' || (top.kind === 'fields' && this.top.kind !== 'selection')) this.valueEnds();
        break;
      case TokenKind.STRING: case TokenKind.BLOCK_STRING: case TokenKind.INT: case TokenKind.FLOAT:
        this.valueEnds();
        break;
      default:
        break;
    }
  }

  awaitsName(frame) { return frame.kind === 'fields' && !frame.argument; }
  valueEnds() { if (this.top.kind === 'fields') this.top.argument = null; }

  valueType(frame) {
    const type = frame.kind === 'list' ? frame.type : frame.fields?.find((field) => field.name === frame.argument)?.type;
    return type ? getNullableType(type) : null;
  }

  /** @returns {Context} */
  context() {
    const top = this.top;
    const before = this.last?.kind;
    const variables = this.variables;
    if (this.broken) return { kind: 'nothing', variables };
    if (before === TokenKind.AT) return { kind: 'directive', variables };
    if (this.last?.value === 'on' && (top.kind === 'document' || this.beforeLast?.kind === TokenKind.SPREAD)) {
      return { kind: 'condition', variables };
    }
    if (top.kind === 'selection') {
      if (before === TokenKind.SPREAD) return { kind: 'spread', variables };
      return top.type ? { kind: 'selection', type: top.type, variables } : { kind: 'nothing', variables };
    }
    if (top.kind === 'definitions') {
      const isType = before === TokenKind.COLON || before === TokenKind.BRACKET_L;
      return { kind: isType ? 'type' : 'nothing', variables };
    }
    if (top.kind === 'document') return { kind: 'document', variables };
    if (this.awaitsName(top)) return { kind: 'argument', fields: top.fields, variables };
    if (before === TokenKind.NAME && top.kind === 'fields') return { kind: 'nothing', variables };
    return { kind: 'value', type: this.valueType(top), variables };
  }
}
