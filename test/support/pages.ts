// The project's pages in Markdown, and what is in them, for tests that hold the documentation to the code.
import { readdirSync, readFileSync } from 'node:fs'
import { checkoutPath } from './checkout.ts'

/** A page: its path from the top of the checkout, with slashes, and its text. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** A piece of TypeScript in a page, and the line of the page that it starts on. */
export interface Block {
  readonly page: string
  readonly line: number
  readonly code: string
}

const FOLDERS = ['', 'docs/', 'docs/reference/', 'bench/']
const TYPESCRIPT = /^```ts\n(.*?)^```$/gms

/** One page. */
export function page(path: string): Page {
  return { path, text: readFileSync(checkoutPath(path), 'utf8') }
}

/** All pages of the project. */
export function pages(): Page[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(checkoutPath(folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => page(folder + entry.name)),
  )
}

/** The page's text without its code. */
export function proseOf({ text }: Page): string {
  return text.replace(/^```.*?^```$/gms, '')
}

/** The pieces of TypeScript in a page. */
export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(TYPESCRIPT)].map((match) => {
    return { page: path, line: text.slice(0, match.index).split('\n').length + 1, code: match[1]! }
  })
}
