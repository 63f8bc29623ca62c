// All deadlines of a thread are in one heap: they come in their order, each once, and not at all when taken back.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { statistics } from '../../src/index.ts'
import { type Deadline, Deadlines } from '../../src/reactor/deadlines.ts'
import { condition } from '../support/opened.ts'
import { holds } from '../support/property.ts'

class Noted implements Deadline {
  place = -1
  readonly at: number
  readonly #expired: (self: Noted) => void

  constructor(at: number, expired: (self: Noted) => void) {
    this.at = at
    this.#expired = expired
  }

  expire(): void {
    this.#expired(this)
  }
}

test('deadlines: what is left comes in its order, each once, behind the order in which it was added and taken back', async () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: -3, max: 40 })), { maxLength: 80 })
  const runs: Promise<void>[] = []
  const checks: (() => void)[] = []
  holds(
    steps,
    (list) => {
      const deadlines = new Deadlines()
      const start = performance.now() - 100 // all of them have come when the timer looks
      const waiting: Noted[] = []
      const came: number[] = []
      for (const [at, victim] of list) {
        if (victim >= 0 && victim < waiting.length) {
          const [gone] = waiting.splice(victim, 1)
          deadlines.remove(gone!)
          deadlines.remove(gone!) // has gone already: nothing happens
          assert.equal(gone!.place, -1)
        } else {
          const deadline = new Noted(start + at, (self) => came.push(self.at))
          waiting.push(deadline)
          deadlines.add(deadline)
        }
        assert.equal(deadlines.size, waiting.length)
      }
      const expected = waiting.map(({ at }) => at).sort((a, b) => a - b)
      const done = condition()
      // The last of all: when it comes, the others have.
      deadlines.add(new Noted(start + 60, () => done.fulfil()))
      runs.push(done.promise)
      checks.push(() => {
        assert.deepEqual(came, expected)
        assert.equal(deadlines.size, 0)
      })
    },
    300,
  )
  const keepsAlive = setInterval(() => {}, 1000)
  await Promise.all(runs)
  for (const check of checks) check()
  clearInterval(keepsAlive)
})

test('deadlines: one that takes others back, or adds some, while it comes', async () => {
  const deadlines = new Deadlines()
  const keepsAlive = setInterval(() => {}, 1000)
  const start = performance.now() - 10
  const came: string[] = []
  const done = condition()
  const third = new Noted(start + 3, () => came.push('taken back'))
  deadlines.add(third)
  deadlines.add(new Noted(start + 4, () => came.push('fourth')))
  deadlines.add(
    new Noted(start + 2, () => {
      came.push('second')
      deadlines.remove(third)
      deadlines.add(new Noted(start + 1, () => came.push('added')))
      deadlines.add(new Noted(start + 5, () => done.fulfil()))
    }),
  )
  await done.promise
  assert.deepEqual(came, ['second', 'added', 'fourth'])
  clearInterval(keepsAlive)
})

test('deadlines: one that throws does not keep the others from coming', async () => {
  const deadlines = new Deadlines()
  const keepsAlive = setInterval(() => {}, 1000)
  const now = performance.now()
  const done = condition()
  deadlines.add(
    new Noted(now - 2, () => {
      throw new Error('of a deadline')
    }),
  )
  deadlines.add(new Noted(now - 1, () => done.fulfil()))
  // The runner has a listener of its own, which would take this for a failure of the test.
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const [error] = (await once(process, 'uncaughtException')) as [Error]
  for (const listener of listeners) process.on('uncaughtException', listener)
  assert.equal(error.message, 'of a deadline')
  await done.promise
  clearInterval(keepsAlive)
})

test('deadlines: one that never comes, and one further off than a timer reaches, are no fault', async () => {
  const deadlines = new Deadlines()
  const keepsAlive = setInterval(() => {}, 1000)
  const far = [Number.POSITIVE_INFINITY, Number.MAX_VALUE, performance.now() + 2 ** 31, performance.now() + 2 ** 40]
  const waiting = far.map((at) => new Noted(at, () => assert.fail('it has come')))
  for (const deadline of waiting) deadlines.add(deadline)
  const done = condition()
  deadlines.add(new Noted(performance.now(), () => done.fulfil()))
  await done.promise
  assert.equal(deadlines.size, far.length)
  for (const deadline of waiting) deadlines.remove(deadline)
  assert.equal(deadlines.size, 0)
  clearInterval(keepsAlive)
  assert.equal(statistics().deadlines, 0)
})
