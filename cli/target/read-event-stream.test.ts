import { expect, test } from 'vitest'

import { readEventStream, type StreamMessage } from './read-event-stream'

test('reads messages whatever the chunks they come in', async () => {
  const text = ': hello\n\nid: 1\nevent: page_fetched\ndata: {"a":"é"}\n\nevent: end\r\ndata: {}\r\n\r\n'
  const bytes = new TextEncoder().encode(text)
  for (const size of [1, 2, 7, bytes.length]) {
    expect(await read(chunksOf(bytes, size))).toEqual([
      { event: 'page_fetched', data: '{"a":"é"}' },
      { event: 'end', data: '{}' },
    ])
  }
})

test('joins several data lines and gives no half message at the end', async () => {
  const bytes = new TextEncoder().encode('data: a\ndata: b\n\ndata: half')
  expect(await read(chunksOf(bytes, 3))).toEqual([{ event: 'message', data: 'a\nb' }])
})

async function read(chunks: AsyncIterable<Uint8Array>): Promise<StreamMessage[]> {
  const messages: StreamMessage[] = []
  for await (const message of readEventStream(chunks)) messages.push(message)
  return messages
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
