// select, poll and Selector against Python's, on the very same descriptors in every state there is.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as berkeley from '../../src/index.ts'
import { EVENT_READ, EVENT_WRITE, pollNow, select, Selector, SocketError, type PollTarget } from '../../src/index.ts'
import { needs } from '../support/needs.ts'
import { allStates, askPython, closeStates, type Readiness } from '../support/readiness-oracle.ts'

after(closeStates)

const EVENTS =
  berkeley.POLLIN |
  berkeley.POLLPRI |
  berkeley.POLLOUT |
  berkeley.POLLRDHUP |
  berkeley.POLLRDNORM |
  berkeley.POLLRDBAND |
  berkeley.POLLWRNORM |
  berkeley.POLLWRBAND

async function maskOf(target: PollTarget): Promise<number | string> {
  const selector = new Selector()
  try {
    selector.register(target, EVENT_READ | EVENT_WRITE)
    const ready = await selector.select({ timeout: 0 })
    return ready.reduce((sum, [, mask]) => sum + mask, 0)
  } catch (error) {
    if (error instanceof SocketError) return error.code
    throw error
  } finally {
    selector.close()
  }
}

async function ask(target: PollTarget): Promise<Readiness> {
  const [r, w, x] = await select([target], [target], [target], { timeout: 0 })
  const [polled] = pollNow([{ target, events: EVENTS }])
  return {
    selected: [r.length === 1, w.length === 1, x.length === 1],
    polled: polled?.revents ?? 0,
    mask: await maskOf(target),
  }
}

test('B12: each state is as Python finds it', { skip: needs({ program: ['python3', 'mkfifo'] }) }, async () => {
  const states = await allStates()
  const targets = states.map(({ target }) => target)
  const python = askPython(targets, EVENTS)
  const ours: Readiness[] = []
  for (const target of targets) ours.push(await ask(target))
  const named = (answers: readonly Readiness[]): unknown => answers.map((answer, i) => [states[i]!.name, answer])
  assert.deepEqual(named(ours), named(python))
  // All at once, they are found as one by one.
  const [readable, writable, exceptional] = await select(targets, targets, targets)
  assert.deepEqual(
    [readable, writable, exceptional],
    [0, 1, 2].map((list) => targets.filter((_, i) => python[i]!.selected[list])),
  )
  assert.ok(readable.length > 5 && writable.length > 5 && exceptional.length > 0)
})
