// A lock between processes: a file that names its holder. One that died without removing it is found dead and replaced.
import { mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Runs `work` while no other process runs one under the same `path`. */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true })
  while (!take(path)) await delay(50)
  const release = () => rmSync(path, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (!holderIsAlive(path)) {
    try {
      unlinkSync(path)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
  }
  return false
}

function holderIsAlive(path) {
  let holder
  try {
    holder = Number(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return true // just given back: try again
    throw error
  }
  if (!(holder > 0)) return true // between its creation and its first byte
  try {
    process.kill(holder, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
