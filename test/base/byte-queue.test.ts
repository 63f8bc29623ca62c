import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { ByteQueue } from '../../src/base/byte-queue.ts'
import { holds } from '../support/property.ts'

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text))
}

/** All that is in the queue, taken out of it chunk by chunk. */
function drain(queue: ByteQueue): { bytes: Buffer; chunks: number } {
  const chunks: Uint8Array[] = []
  while (!queue.isEmpty) {
    chunks.push(queue.first().slice())
    queue.discard(queue.first().length)
  }
  return { bytes: Buffer.concat(chunks), chunks: chunks.length }
}

test('gives bytes in the order in which they came, copied and borrowed', () => {
  const queue = new ByteQueue()
  queue.appendCopy(bytesOf('one '))
  queue.append(bytesOf('two '))
  queue.appendCopy(bytesOf('three '))
  queue.appendCopy(bytesOf('four'))
  assert.equal(queue.byteLength, 18)
  assert.deepEqual(drain(queue), { bytes: Buffer.from('one two three four'), chunks: 3 })
})

test('an empty queue gives an empty first chunk, and empty pieces add none', () => {
  const queue = new ByteQueue()
  queue.append(new Uint8Array(0))
  queue.appendCopy(new Uint8Array(0))
  assert.equal(queue.first().length, 0)
  assert.equal(queue.isEmpty, true)
  queue.discard(0)
})

test('borrows what is appended, and copies what is to be copied', () => {
  const queue = new ByteQueue()
  const piece = bytesOf('abc')
  queue.append(piece)
  assert.equal(queue.first().buffer, piece.buffer)
  queue.clear()
  queue.appendCopy(piece)
  piece.fill(0)
  assert.equal(Buffer.from(queue.first()).toString(), 'abc')
})

test('a thousand small pieces become a few chunks of at most 64 KiB', () => {
  const queue = new ByteQueue()
  for (let i = 0; i < 10_000; i++) queue.appendCopy(new Uint8Array(64).fill(i & 0xff))
  assert.equal(queue.byteLength, 640_000)
  let longest = 0
  let chunks = 0
  for (let at = 0; at < 640_000; chunks++) {
    const first = queue.first()
    longest = Math.max(longest, first.length)
    for (const byte of first) assert.equal(byte, Math.floor(at++ / 64) & 0xff)
    queue.discard(first.length)
  }
  assert.equal(longest, 65_536)
  assert.ok(chunks <= 17, `${chunks} chunks`)
})

test('what is appended after first() does not disturb what it gave', () => {
  const queue = new ByteQueue()
  queue.appendCopy(bytesOf('abc'))
  const first = queue.first()
  queue.appendCopy(bytesOf('def'))
  assert.equal(Buffer.from(first).toString(), 'abc')
  queue.discard(3)
  assert.equal(Buffer.from(queue.first()).toString(), 'def')
})

test('refuses to discard more than waits', () => {
  const queue = new ByteQueue()
  queue.append(bytesOf('abc'))
  assert.throws(() => queue.discard(4), RangeError)
  assert.throws(() => queue.discard(-1), RangeError)
  assert.throws(() => queue.discard(0.5), RangeError)
  assert.equal(queue.byteLength, 3)
})

test('a queue that is filled and emptied in step holds no spent chunks', () => {
  const queue = new ByteQueue()
  const piece = new Uint8Array(10)
  for (let i = 0; i < 100; i++) queue.append(piece)
  for (let i = 0; i < 100_000; i++) {
    queue.append(piece)
    queue.discard(10)
  }
  assert.deepEqual(drain(queue).chunks, 100)
})

test('any order of calls gives the same bytes as one long array', () => {
  const step = fc.oneof(
    fc.record({ call: fc.constant('append' as const), size: fc.nat(3000) }),
    fc.record({ call: fc.constant('appendCopy' as const), size: fc.oneof(fc.nat(100), fc.nat(70_000)) }),
    fc.record({ call: fc.constant('discard' as const), size: fc.nat(40_000) }),
  )
  let next = 0
  holds(
    fc.array(step, { maxLength: 60 }),
    (steps) => {
      const queue = new ByteQueue()
      let model = Buffer.alloc(0)
      for (const { call, size } of steps) {
        if (call === 'discard') {
          const count = Math.min(size, model.length)
          queue.discard(count)
          model = model.subarray(count)
        } else {
          const piece = Uint8Array.from({ length: size }, () => next++ & 0xff)
          queue[call](piece)
          model = Buffer.concat([model, piece])
        }
        assert.equal(queue.byteLength, model.length)
        const first = queue.first()
        assert.ok(first.length > 0 || model.length === 0)
        assert.ok(model.subarray(0, first.length).equals(first))
      }
      assert.ok(drain(queue).bytes.equals(model))
    },
    100,
  )
})
