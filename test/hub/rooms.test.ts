import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Allowance } from '../../src/hub/allowance.ts'
import {
  BURST_LINES,
  LINES_PER_SECOND,
  MAX_ANNOUNCED_MEMBERS,
  MAX_LINE_BYTES,
  TOLD_LINES_PER_SECOND,
} from '../../src/hub/limits.ts'
import { LineSplitter } from '../../src/hub/line-splitter.ts'
import { printable } from '../../src/hub/printable.ts'
import { type ClientKind, type Member, Rooms } from '../../src/hub/rooms.ts'
import { holds } from '../support/property.ts'

class Person implements Member {
  readonly kind: ClientKind = 'tcp'
  readonly told: string[] = []
  hasQuit = false

  tell(line: Uint8Array): void {
    this.told.push(new TextDecoder().decode(line).trimEnd())
  }

  quit(): void {
    this.hasQuit = true
  }
}

function roomsWith(count: number, now?: () => number): { rooms: Rooms; people: Person[] } {
  const rooms = new Rooms(now)
  const people = Array.from({ length: count }, () => new Person())
  for (const person of people) rooms.enter(person)
  for (const person of people) person.told.length = 0
  return { rooms, people }
}

test('a line is told to the others in the room, and to nobody else', () => {
  const { rooms, people } = roomsWith(3)
  const [a, b, c] = people as [Person, Person, Person]
  rooms.hear(c, '/join elsewhere')
  for (const person of people) person.told.length = 0
  rooms.hear(a, 'hello')
  assert.deepEqual([a.told, b.told, c.told], [[], ['tcp-1: hello'], []])
  assert.deepEqual(
    rooms.sizes,
    new Map([
      ['lobby', 2],
      ['elsewhere', 1],
    ]),
  )
})

test('commands: /nick, /join, /who, /quit, /help, //, and what is none', () => {
  const { rooms, people } = roomsWith(2)
  const [a, b] = people as [Person, Person]
  rooms.hear(a, '/nick Ann')
  assert.deepEqual([a.told, b.told], [['* you are Ann'], ['* tcp-1 is now Ann']])
  rooms.hear(b, '/nick ANN')
  assert.equal(b.told.at(-1), '* ANN is taken')
  rooms.hear(b, '/nick a b')
  assert.match(b.told.at(-1)!, /^\* write \/nick NAME; /)
  rooms.hear(b, '/who')
  assert.equal(b.told.at(-1), '* in lobby: Ann, tcp-2')
  rooms.hear(a, '//etc')
  assert.equal(b.told.at(-1), 'Ann: /etc')
  rooms.hear(a, '/fly')
  assert.equal(a.told.at(-1), '* there is no such command; /help lists them')
  rooms.hear(a, '/help')
  assert.match(a.told.at(-1)!, /\/join ROOM/)
  rooms.hear(a, '/quit')
  assert.deepEqual([a.hasQuit, a.told.at(-1), b.told.at(-1)], [true, '* goodbye', '* Ann left lobby'])
  rooms.hear(a, 'from the grave')
  assert.equal(b.told.at(-1), '* Ann left lobby')
  assert.equal(rooms.count('tcp'), 1)
})

test('a room that is empty is gone', () => {
  const { rooms, people } = roomsWith(1)
  for (let room = 0; room < 1000; room++) rooms.hear(people[0]!, `/join room-${room}`)
  assert.deepEqual([...rooms.sizes.keys()], ['room-999'])
  rooms.leave(people[0]!)
  rooms.leave(people[0]!)
  assert.equal(rooms.sizes.size, 0)
})

test('lines come out the same however the stream is cut', () => {
  holds(fc.tuple(fc.array(fc.string({ maxLength: 20 })), fc.nat()), ([parts, seed]) => {
    const texts = parts.map((part) => part.replace(/[\r\n]/g, '.'))
    const all = new TextEncoder().encode(texts.map((text) => `${text}\n`).join(''))
    const splitter = new LineSplitter()
    const lines: string[] = []
    const reader = {
      line: (bytes: Uint8Array) => void lines.push(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)),
      lineTooLong: () => assert.fail(),
    }
    for (let at = 0, step = 0; at < all.length; at += step) {
      step = 1 + ((seed + at * 7) % 5)
      splitter.push(all.subarray(at, at + step), reader)
    }
    assert.deepEqual(
      lines,
      texts.map((text) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))),
    )
  })
})

test('a line over the limit is reported once and skipped; half a line for ever is bounded', () => {
  const splitter = new LineSplitter()
  const seen: string[] = []
  const reader = {
    line: (bytes: Uint8Array) => void seen.push(new TextDecoder().decode(bytes)),
    lineTooLong: () => void seen.push('TOO LONG'),
  }
  const chunk = new Uint8Array(500).fill(0x61)
  for (let time = 0; time < 1000; time++) splitter.push(chunk, reader)
  splitter.push(new TextEncoder().encode('\nnext\r\n'), reader)
  splitter.push(new Uint8Array(MAX_LINE_BYTES).fill(0x62), reader)
  splitter.push(new TextEncoder().encode('\r\n'), reader)
  assert.deepEqual(seen, ['TOO LONG', 'next', 'b'.repeat(MAX_LINE_BYTES)])
})

test('what a terminal would obey is not passed on', () => {
  const evil = new TextEncoder().encode('a\u001b]0;title\u0007\u009b2J\u202eb\tc\u0000')
  assert.equal(printable(evil), 'a\ufffd]0;title\ufffd\ufffd2J\ufffdb\tc\ufffd')
  assert.equal(printable(Uint8Array.of(0xff, 0x41)), '\ufffdA')
  assert.equal(printable(new TextEncoder().encode('žluťoučký 😀')), 'žluťoučký 😀')
})

test('an allowance is a burst, and comes back with time', () => {
  const allowance = new Allowance(0, BURST_LINES, LINES_PER_SECOND)
  for (let line = 0; line < BURST_LINES; line++) assert.ok(allowance.take(0))
  assert.ok(!allowance.take(0))
  assert.ok(allowance.take(1000 / LINES_PER_SECOND))
  assert.ok(!allowance.take(1000 / LINES_PER_SECOND))
})

test('in a room with many, nobody is told who comes and goes; messages are told', () => {
  const { rooms, people } = roomsWith(MAX_ANNOUNCED_MEMBERS)
  const [first, second] = people as [Person, Person]
  const last = new Person()
  rooms.enter(last)
  assert.match(first.told.at(-1)!, /joined lobby/)
  rooms.enter(new Person())
  rooms.hear(last, '/nick Zoe')
  rooms.hear(last, '/join elsewhere')
  assert.equal(first.told.length, 1)
  rooms.hear(second, 'hello')
  assert.match(first.told.at(-1)!, /hello/)
})

test('what is said in a room is limited by how many are told; who is not told is told so, and other rooms go on', () => {
  let now = 0
  const { rooms, people } = roomsWith(1000, () => now)
  const [first, second, third] = people as [Person, Person, Person]
  rooms.hear(third, '/join elsewhere')
  const told = Math.floor(TOLD_LINES_PER_SECOND / 999)
  for (let i = 0; i < told + 5; i++) rooms.hear(first, 'again')
  assert.equal(second.told.length, told)
  assert.equal(rooms.refusedMessages, 5)
  assert.match(first.told.at(-1)!, /too much is said in lobby/)
  rooms.hear(third, 'alone here')
  assert.equal(rooms.refusedMessages, 5)
  now += 1000
  rooms.hear(first, 'later')
  assert.match(second.told.at(-1)!, /later/)
})
