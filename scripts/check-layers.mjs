// Layers: an import in src/ may point to its own folder, or to a folder that its line names. Types count. No file
// imports itself by way of others; there types don't count, so that two classes of a folder may name each other.
// `npm test` and `npm run check` run it; alone: node scripts/check-layers.mjs [FOLDER]
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesUnder, root } from './files.mjs'

// Lowest first. Nothing may import upward, so nothing here names a later line.
const MAY_IMPORT = {
  base: '',
  trace: 'base',
  sys: 'base trace',
  reactor: 'base trace sys',
  socket: 'base trace sys reactor',
  stream: 'base trace reactor socket',
  datagram: 'base trace reactor socket',
  net: 'base trace sys reactor socket stream datagram',
  diag: 'base trace sys reactor socket stream datagram',
  proto: 'base',
  endpoint: 'base trace reactor socket stream datagram net diag proto',
  compat: 'base trace sys reactor socket stream datagram net diag proto endpoint',
  testing: 'base trace sys reactor socket stream datagram net diag proto endpoint',
  hub: 'base trace sys reactor socket stream datagram net diag proto endpoint',
  cli: 'base trace sys reactor socket stream datagram net diag proto endpoint hub compat',
}
// Layers that run anywhere use no Node built-ins.
const NO_NODE = ['base', 'proto']
// Packages that the published code may import. There are none.
const DEPENDENCIES = []
// Protocol folders stand alone; these are the grammars that several of them share.
const SHARED_PROTO = ['http1']

const IMPORT =
  /^(?:import|export)\b(\s*type\b(?!\s*from))?[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

/** The broken rules of the sources in a folder, each as one line; none if all is well. */
export function checkLayers(folder = join(root, 'src')) {
  const complaints = []
  const graph = new Map()
  const files = filesUnder(folder, ['.ts']).map((path) => relative(folder, path))
  for (const file of files) {
    const layer = layerOf(file)
    if (layer !== undefined && !(layer in MAY_IMPORT)) complaints.push(`${file}: no layer is called ${layer}/`)
    const targets = []
    for (const { specifier, isType } of importsOf(join(folder, file))) {
      const target = specifier.startsWith('.') ? relative(folder, resolve(folder, dirname(file), specifier)) : undefined
      if (target !== undefined && !isType) targets.push(target)
      const why = target === undefined ? whyNotPackage(layer, specifier) : whyNotFile(file, target)
      if (why !== undefined) complaints.push(`${file}: ${specifier}: ${why}`)
    }
    graph.set(file, targets)
  }
  return [...complaints, ...cyclesOf(graph)]
}

/** The folder of src/ that a file is in; undefined for a file in src/ itself, which may re-export anything. */
function layerOf(file) {
  return file.includes(sep) ? file.slice(0, file.indexOf(sep)) : undefined
}

function importsOf(path) {
  return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, type, from, bare, dynamic]) => {
    return { specifier: from ?? bare ?? dynamic, isType: type !== undefined }
  })
}

function whyNotPackage(layer, specifier) {
  if (specifier.startsWith('node:')) return NO_NODE.includes(layer) ? `${layer}/ uses no Node built-ins` : undefined
  const listed = DEPENDENCIES.some((name) => specifier === name || specifier.startsWith(`${name}/`))
  return listed ? undefined : 'not in the list of run-time dependencies'
}

function whyNotFile(file, target) {
  const [layer, toLayer] = [layerOf(file), layerOf(target)]
  if (layer === undefined) return undefined
  if (toLayer === undefined) return `${layer}/ may not import the entry above it`
  if (toLayer !== layer && !MAY_IMPORT[layer]?.split(' ').includes(toLayer))
    return `${layer}/ may not import ${toLayer}/`
  if (layer !== 'proto' || toLayer !== 'proto') return undefined
  const [part, toPart] = [file.split(sep)[1], target.split(sep)[1]]
  const sideways = part !== toPart && target.split(sep).length > 2 && !SHARED_PROTO.includes(toPart)
  return sideways ? `proto/${part} may not import proto/${toPart}` : undefined
}

function cyclesOf(graph) {
  const cycles = []
  const seen = new Map()
  const visit = (file, path) => {
    if (seen.get(file) === 'open') cycles.push(`import cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
    if (seen.has(file)) return
    seen.set(file, 'open')
    for (const target of graph.get(file) ?? []) if (graph.has(target)) visit(target, [...path, file])
    seen.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const complaints = checkLayers(process.argv[2] && resolve(process.argv[2]))
  for (const complaint of complaints) console.error(complaint)
  console.log(complaints.length === 0 ? 'layers: ok' : `layers: ${complaints.length} broken rules`)
  process.exitCode = complaints.length === 0 ? 0 : 1
}
