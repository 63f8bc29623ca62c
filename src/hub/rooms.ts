/**
 * Rooms and who is in them: what a line means, and who is told what. It knows nothing of sockets; a member is whoever
 * can be told a line.
 */
import { Allowance } from './allowance.ts'
import { MAX_ANNOUNCED_MEMBERS, MAX_LISTED_NAMES, MAX_NAME_CHARACTERS, TOLD_LINES_PER_SECOND } from './limits.ts'

/** How a client is connected. */
export type ClientKind = 'tcp' | 'udp' | 'unix' | 'unix-dgram'

/** Someone in a room. */
export interface Member {
  readonly kind: ClientKind
  /** Sends a line, its LF included, or drops it. May not call back into the rooms before it returns. */
  tell(line: Uint8Array): void
  /** The member has said `/quit`, and has been told goodbye. */
  quit(): void
}

/** Where everybody starts. */
export const LOBBY = 'lobby'

const NAME = new RegExp(`^[\\p{L}\\p{M}\\p{N}_.-]{1,${MAX_NAME_CHARACTERS}}$`, 'u')
const NAME_RULE = `a name has up to ${MAX_NAME_CHARACTERS} letters, digits, '_', '.' and '-'`
const HELP =
  'a line is a message to your room; /join ROOM, /nick NAME, /who, /quit, /help; // begins a message with a slash'

interface Presence {
  nick: string
  room: string
}

interface Room {
  readonly members: Set<Member>
  /** How many lines may be told here. */
  readonly allowance: Allowance
}

const encoder = new TextEncoder()

export class Rooms {
  /** Messages that were said since the beginning. */
  messages = 0
  /** Those that were not told, because too much was said in their room. */
  refusedMessages = 0
  readonly #present = new Map<Member, Presence>()
  readonly #rooms = new Map<string, Room>()
  /** By the name in the form that tells names apart. */
  readonly #nicks = new Map<string, Member>()
  readonly #now: () => number
  #entered = 0

  /** @param now milliseconds on a clock that does not go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** How many are in each room. */
  get sizes(): Map<string, number> {
    return new Map([...this.#rooms].map(([room, { members }]) => [room, members.size]))
  }

  /** How many of a kind are there. */
  count(kind: ClientKind): number {
    let count = 0
    for (const member of this.#present.keys()) if (member.kind === kind) count++
    return count
  }

  /** Someone comes: gets a name, is in the lobby, and is welcomed. */
  enter(member: Member): void {
    let nick
    do nick = `${member.kind}-${++this.#entered}`
    while (this.#nicks.has(distinct(nick)))
    this.#nicks.set(distinct(nick), member)
    this.#present.set(member, { nick, room: LOBBY })
    this.#tell(member, `* welcome, you are ${nick} in ${LOBBY}; /help lists the commands`)
    this.#goInto(member, LOBBY)
  }

  /** Someone is gone. */
  leave(member: Member): void {
    const presence = this.#present.get(member)
    if (presence === undefined) return
    this.#present.delete(member)
    this.#nicks.delete(distinct(presence.nick))
    this.#goOutOf(member, presence)
  }

  /** Someone has sent a line: a message or a command. */
  hear(member: Member, line: string): void {
    const presence = this.#present.get(member)
    if (presence === undefined || line.trim() === '') return
    if (!line.startsWith('/')) this.#say(member, presence, line)
    else if (line.startsWith('//')) this.#say(member, presence, line.slice(1))
    else this.#obey(member, presence, line)
  }

  #say(member: Member, { nick, room }: Presence, text: string): void {
    const { members, allowance } = this.#rooms.get(room)!
    if (!allowance.take(this.#now(), members.size)) {
      this.refusedMessages++
      return this.#tell(member, `* too much is said in ${room}; this was not told, say it again later`)
    }
    this.messages++
    this.#tellOthers(room, `${nick}: ${text}`, member)
  }

  #obey(member: Member, presence: Presence, line: string): void {
    const [command = '', ...words] = line.trim().split(/\s+/u)
    const name = words.join(' ').normalize('NFC')
    if (command === '/join') this.#join(member, presence, name)
    else if (command === '/nick') this.#rename(member, presence, name)
    else if (command === '/who') this.#list(member, presence)
    else if (command === '/help') this.#tell(member, `* ${HELP}`)
    else if (command === '/quit') {
      this.#tell(member, '* goodbye')
      this.leave(member)
      member.quit()
    } else this.#tell(member, '* there is no such command; /help lists them')
  }

  #join(member: Member, presence: Presence, room: string): void {
    if (!NAME.test(room)) return this.#tell(member, `* write /join ROOM; ${NAME_RULE}`)
    if (room === presence.room) return this.#tell(member, `* you are in ${room}`)
    this.#goOutOf(member, presence)
    presence.room = room
    this.#goInto(member, room)
    this.#list(member, presence)
  }

  #rename(member: Member, presence: Presence, nick: string): void {
    if (!NAME.test(nick)) return this.#tell(member, `* write /nick NAME; ${NAME_RULE}`)
    const holder = this.#nicks.get(distinct(nick))
    if (holder !== undefined && holder !== member) return this.#tell(member, `* ${nick} is taken`)
    this.#nicks.delete(distinct(presence.nick))
    this.#nicks.set(distinct(nick), member)
    this.#announce(presence.room, `* ${presence.nick} is now ${nick}`, member)
    presence.nick = nick
    this.#tell(member, `* you are ${nick}`)
  }

  #list(member: Member, { room }: Presence): void {
    const { members } = this.#rooms.get(room)!
    const names: string[] = []
    for (const other of members) {
      if (names.length === MAX_LISTED_NAMES) break
      names.push(this.#present.get(other)!.nick)
    }
    const more = members.size > names.length ? ` and ${members.size - names.length} more` : ''
    this.#tell(member, `* in ${room}: ${names.join(', ')}${more}`)
  }

  #goInto(member: Member, room: string): void {
    this.#announce(room, `* ${this.#present.get(member)!.nick} joined ${room}`, member)
    const known = this.#rooms.get(room)
    if (known !== undefined) return void known.members.add(member)
    const allowance = new Allowance(this.#now(), TOLD_LINES_PER_SECOND, TOLD_LINES_PER_SECOND)
    this.#rooms.set(room, { members: new Set([member]), allowance })
  }

  #goOutOf(member: Member, { nick, room }: Presence): void {
    const { members } = this.#rooms.get(room)!
    members.delete(member)
    if (members.size === 0) this.#rooms.delete(room)
    this.#announce(room, `* ${nick} left ${room}`, member)
  }

  /** Tells everybody, whatever their room. */
  tellAll(text: string): void {
    const line = encoder.encode(`${text}\n`)
    for (const member of this.#present.keys()) member.tell(line)
  }

  #tell(member: Member, text: string): void {
    member.tell(encoder.encode(`${text}\n`))
  }

  /** Who comes and goes is not told to many: each of a thousand who come would be told to a thousand. */
  #announce(room: string, text: string, except: Member): void {
    const size = this.#rooms.get(room)?.members.size ?? 0
    if (size <= MAX_ANNOUNCED_MEMBERS) this.#tellOthers(room, text, except)
  }

  /** The line is encoded once for all. */
  #tellOthers(room: string, text: string, except: Member): void {
    const line = encoder.encode(`${text}\n`)
    for (const member of this.#rooms.get(room)?.members ?? []) if (member !== except) member.tell(line)
  }
}

/** Names that look alike count as one. */
function distinct(nick: string): string {
  return nick.normalize('NFKC').toLowerCase()
}
