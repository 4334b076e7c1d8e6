export type StreamMessage = { event: string; data: string }

/** Reads server-sent events from the bytes of an answer (https://html.spec.whatwg.org/#event-stream-interpretation). */
export async function* readEventStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder()
  let pending = ''
  let message: StreamMessage = { event: 'message', data: '' }
  for await (const chunk of bytes) {
    pending += decoder.decode(chunk, { stream: true })
    const lines = pending.split(/\r\n|\n|\r(?!$)/)
    pending = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        message = withLine(message, line)
        continue
      }
      if (message.data !== '') yield { ...message, data: message.data.slice(0, -1) }
      message = { event: 'message', data: '' }
    }
  }
}

function withLine(message: StreamMessage, line: string): StreamMessage {
  const colon = line.indexOf(':')
  const name = colon === -1 ? line : line.slice(0, colon)
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
  if (name === 'event') return { ...message, event: value }
  // Every data line ends with a line feed; the last one is taken off when the message is complete.
  return name === 'data' ? { ...message, data: `${message.data}${value}\n` } : message
}
