// Files of the checkout: where it is, what is in a folder, whether something changed.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Absolute paths of the files in a folder and below it that end in one of `endings`, sorted; none if it isn't there.
 * Installed packages are left out.
 */
export function filesUnder(folder, endings) {
  const found = []
  const visit = (path) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inside = join(path, entry.name)
      if (entry.name === 'node_modules') continue
      if (entry.isDirectory()) visit(inside)
      else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(inside)
    }
  }
  try {
    visit(folder)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return found.sort()
}

/** A short text that differs when any of the files, or one of the `also` texts, does. */
export function fingerprint(paths, also = []) {
  const hash = createHash('sha1')
  for (const path of paths) {
    const about = statSync(path, { throwIfNoEntry: false })
    hash.update(`${path}\0${about?.size}\0${about?.mtimeMs}\0`)
  }
  for (const text of also) hash.update(`${text}\0`)
  return hash.digest('hex')
}

/** Writes a file so that no reader sees half of it, and leaves it alone if it already says the same. */
export function replaceFile(path, content) {
  const bytes = Buffer.from(content)
  try {
    if (readFileSync(path).equals(bytes)) return false
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true })
  }
  const beside = `${path}.${process.pid}.new`
  writeFileSync(beside, bytes)
  renameSync(beside, path)
  return true
}
