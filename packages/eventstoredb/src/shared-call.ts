/**
 * Who may send appends through the one call that the client keeps for them: more than twice as fast
 * as a call for each. But all clients of a process note in one place what they wait for there: an
 * error on the call of one fails the appends of all, and an answer that then comes to another
 * throws where nobody can catch it. So one connection at a time may.
 */
let holder: object | undefined

/** Whether the connection has it, from now on if nobody had it. */
export const takeSharedCall = (connection: object): boolean => {
  holder ??= connection
  return holder === connection
}

/** For one that uses it, whatever we say. */
export const seizeSharedCall = (connection: object): void => {
  holder = connection
}

export const leaveSharedCall = (connection: object): void => {
  if (holder === connection) holder = undefined
}
