/**
 * Those who want to know what becomes of a descriptor that is another's: `select` and its like, which watch sockets, and
 * whoever has to undo something before a descriptor leaves. By slot, so that a descriptor that nobody watches pays
 * nothing.
 */

export interface Watcher {
  /** What the descriptor has received or holds back, outside of the kernel, has changed. */
  changed(): void
  /** It is about to be closed, or leaves the reactor or its object. Told once; it must not throw or call handlers. */
  ended(): void
}

export class Watchers {
  readonly #bySlot: Map<number, Set<Watcher>> = new Map()

  add(slot: number, watcher: Watcher): void {
    const watchers = this.#bySlot.get(slot)
    if (watchers === undefined) this.#bySlot.set(slot, new Set([watcher]))
    else watchers.add(watcher)
  }

  remove(slot: number, watcher: Watcher): void {
    const watchers = this.#bySlot.get(slot)
    if (watchers?.delete(watcher) === true && watchers.size === 0) this.#bySlot.delete(slot)
  }

  changed(slot: number): void {
    if (this.#bySlot.size === 0) return
    // Sets and maps take what leaves or comes while they are walked.
    for (const watcher of this.#bySlot.get(slot) ?? []) watcher.changed()
  }

  ended(slot: number): void {
    if (this.#bySlot.size === 0) return
    const watchers = this.#bySlot.get(slot)
    this.#bySlot.delete(slot)
    for (const watcher of watchers ?? []) watcher.ended()
  }

  /** The thread ends, and with it all that is open. */
  allEnded(): void {
    for (const slot of this.#bySlot.keys()) this.ended(slot)
  }
}
