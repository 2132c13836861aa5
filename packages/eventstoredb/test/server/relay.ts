/** Stands between a client and a server, byte for byte, until a test cuts, freezes or closes it. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export interface Relay {
  readonly port: number
  /** Ends all connections, as a server that is killed does. */
  readonly cut: () => void
  /** Lets nobody connect any more, as a server that is down. */
  readonly close: () => Promise<void>
  /** Is there again, on the same port. */
  readonly open: () => Promise<void>
  /** Takes what is sent and passes nothing on, as a process that is stopped. */
  readonly freeze: () => void
  readonly thaw: () => void
}

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port)
    })
  })

export const startRelay = async (target: { readonly port: number }): Promise<Relay> => {
  const sockets = new Set<Socket>()
  let frozen = false

  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket)
    // As both ends do: small frames would wait 40 ms for each other's acknowledgement.
    socket.setNoDelay(true)
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      other.write(bytes)
    })
    if (frozen) socket.pause()
  }
  const accept = (inner: Socket) => {
    const outer = connect(target.port, '127.0.0.1')
    keep(inner, outer)
    keep(outer, inner)
  }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const closeServer = (one: Server) =>
    new Promise<void>((resolve) => {
      one.close(() => {
        resolve()
      })
      cut()
    })

  let server = createServer(accept)
  const port = await listening(server, 0)
  return {
    port,
    cut,
    close: () => closeServer(server),
    open: async () => {
      server = createServer(accept)
      await listening(server, port)
    },
    freeze: () => {
      frozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw: () => {
      frozen = false
      for (const socket of sockets) socket.resume()
    },
  }
}
