/**
 * A pooler in transaction mode, as small as can be: a client has a connection of the server from
 * the first message of a transaction to its end, and most likely another one for the next. What a
 * session keeps (prepared statements, LISTEN) is somebody else's from then on.
 */
import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import type pg from 'pg'

interface Message {
  readonly type: string
  readonly bytes: Buffer
}

/** Cuts a stream of bytes into the protocol's messages: a letter, a length, and what it is about. */
const messages = (take: (message: Message) => void) => {
  let rest = Buffer.alloc(0)
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const length = rest.length < 5 ? Infinity : 1 + rest.readInt32BE(1)
      if (rest.length < length) return
      const bytes = rest.subarray(0, length)
      rest = rest.subarray(length)
      take({ type: String.fromCharCode(bytes[0]!), bytes })
    }
  }
}

const message = (type: string, ...parts: readonly (string | number)[]): Buffer => {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(`${part}\0`)
      const number = Buffer.alloc(4)
      number.writeInt32BE(part)
      return number
    }),
  )
  const head = Buffer.alloc(4)
  head.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), head, body])
}

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
const SSL_REQUEST = 80_877_103

interface Backend {
  readonly socket: Socket
  user: ((message: Message) => void) | undefined
}

const openBackend = async (config: pg.PoolConfig): Promise<Backend> => {
  const socket = connect(`${config.host!}/.s.PGSQL.5432`)
  await once(socket, 'connect')
  const backend: Backend = { socket, user: undefined }
  await new Promise<void>((resolve, reject) => {
    socket.on(
      'data',
      messages((each) => {
        if (backend.user !== undefined) backend.user(each)
        else if (each.type === 'R' && each.bytes.readInt32BE(5) === 3)
          socket.write(message('p', String(config.password)))
        else if (each.type === 'E') reject(new Error(each.bytes.toString()))
        else if (each.type === 'Z') resolve()
      }),
    )
    socket.write(message('', 196_608, 'user', config.user!, 'database', config.database!, ''))
  })
  return backend
}

export interface Pooler {
  readonly config: pg.PoolConfig
  /** How often a transaction got another connection than its client had before. */
  readonly changes: () => number
  readonly close: () => void
}

export const startPooler = async (server: pg.PoolConfig, size = 4): Promise<Pooler> => {
  const free = await Promise.all(Array.from({ length: size }, () => openBackend(server)))
  const all = [...free]
  const waiting: ((backend: Backend) => void)[] = []
  const clients = new Set<Socket>()
  let changes = 0

  const release = (backend: Backend) => {
    backend.user = () => undefined // a notification has nobody to go to
    const next = waiting.shift()
    if (next === undefined) free.push(backend)
    else next(backend)
  }
  const acquire = (): Promise<Backend> => {
    const backend = free.shift()
    return backend === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(backend)
  }

  const serve = (client: Socket) => {
    clients.add(client)
    // Answers are written one message at a time: each would wait for the client to acknowledge one.
    client.setNoDelay(true)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    let mine: Backend | undefined
    let before: Backend | undefined
    let asked = 0
    let taking: Promise<void> = Promise.resolve()

    const forward = async ({ type, bytes }: Message) => {
      if (type === 'X') {
        client.end()
        return
      }
      if (mine === undefined) {
        const backend = await acquire()
        if (before !== undefined && backend !== before) changes++
        mine = before = backend
        backend.user = (answer) => {
          client.write(answer.bytes)
          if (answer.type !== 'Z' || --asked > 0 || answer.bytes[5] !== 0x49) return
          mine = undefined
          release(backend)
        }
      }
      if (type === 'Q' || type === 'S') asked++
      mine.socket.write(bytes)
    }
    const onMessage = messages((each) => {
      taking = taking.then(() => forward(each))
    })

    const start = (chunk: Buffer) => {
      if (chunk.readInt32BE(4) === SSL_REQUEST) {
        client.write('N')
        client.once('data', start)
        return
      }
      const said = [
        ['server_version', '18.0'],
        ['client_encoding', 'UTF8'],
        ['standard_conforming_strings', 'on'],
      ] as const
      client.write(
        Buffer.concat([
          message('R', 0),
          ...said.map(([name, value]) => message('S', name, value)),
          message('K', 0, 0),
          READY,
        ]),
      )
      client.on('data', onMessage)
    }
    client.once('data', start)
  }

  const listener = createServer(serve).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  return {
    config: { ...server, host: '127.0.0.1', port },
    changes: () => changes,
    close: () => {
      listener.close()
      for (const client of clients) client.destroy()
      for (const { socket } of all) socket.destroy()
    },
  }
}
