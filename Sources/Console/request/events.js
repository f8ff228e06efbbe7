/**
 * Server-sent events as they come (HTML Standard §9.2.6).
 *
 * @typedef {{type: string, data: string|null, id: string|undefined}} ServerSentEvent `data` is null of an event that only says where
 *   the client is.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<ServerSentEvent>}
 */
export async function* serverSentEvents(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let fields = {};
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    rest += part.value;
    // A carriage return may be half of a line's end.
    const end = rest.endsWith('\r') ? rest.length - 1 : rest.length;
    const lines = rest.slice(0, end).split(/\r\n|\r|\n/);
    rest = lines.pop() + rest.slice(end);
    for (const line of lines) {
      if (line !== '') note(fields, line);
      else {
        const { event = 'message', data = null, id } = fields;
        if (data !== null || id !== undefined) yield { type: event, data, id };
        fields = {};
      }
    }
  }
}

/** A line of an event. Those that begin with a colon are comments, and have a name that nothing has. */
function note(fields, line) {
  const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
  if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
  else if (name === 'event' || name === 'id') fields[name] = value;
}
