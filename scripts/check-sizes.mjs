// Sizes: lists the files that are longer than their kind should be. It fails nothing: a file over the second figure
// needs a reason in its header, one over the third should be split. Generated tables are exempt.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, root } from './files.mjs'

const KINDS = [
  { folder: 'src', endings: ['.ts'], reason: 400, ceiling: 600 },
  { folder: 'native', endings: ['.c', '.h'], reason: 500, ceiling: 800 },
  { folder: 'test', endings: ['.ts'], reason: 500, ceiling: 800 },
  { folder: 'scripts', endings: ['.mjs'], reason: 400, ceiling: 600 },
]
const GENERATED = 'do not edit.'

/** One line for each file that is longer than it should be. */
export function checkSizes() {
  return KINDS.flatMap(({ folder, endings, reason, ceiling }) =>
    filesUnder(join(root, folder), endings).flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      const length = text.split('\n').length - 1
      if (length <= reason || text.slice(0, 300).includes(GENERATED)) return []
      const verdict = length > ceiling ? `over ${ceiling}: split it` : `over ${reason}: its header says why`
      return [`${relative(root, path)}: ${length} lines, ${verdict}`]
    }),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const line of checkSizes()) console.log(line)
}
