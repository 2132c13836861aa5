import { expect, it } from '@jest/globals'
import { aBotHandsOff } from './a-bot-hands-off.js'
import { aPolicyOfYourOwn } from './a-policy-of-your-own.js'
import { blockingASender } from './blocking-a-sender.js'
import { hidingAMessage } from './hiding-a-message.js'
import { lookingBack } from './looking-back.js'
import { routingWithWorkingHours } from './routing-with-working-hours.js'
import { yourOwnProjection } from './your-own-projection.js'

const printed = async (program: (print: (line: string) => void) => Promise<void>) => {
  const lines: string[] = []
  await program((line) => lines.push(line))
  return lines
}

it('S-078 S-079 S-081 a blocked sender is not seen until unblocked', async () =>
  expect(await printed(blockingASender)).toEqual([
    'in Spam: blockedSender',
    'in Spam: blockedSender',
    '0 open',
    '1 open',
  ]))

it('S-094 S-096 a hidden message is shown again by who hid it', async () =>
  expect(await printed(hidingAMessage)).toEqual(['hidden', 'NotAllowedToUnhide', 'to be read']))

it('S-030 S-087 D-26 a bot holds a chat until it hands it off', async () =>
  expect(await printed(aBotHandsOff)).toEqual([
    'bots: true, unassigned: false',
    'BotStillTalking',
    'bots: true, unassigned: true',
  ]))

it('a policy of the host is a reaction', async () =>
  expect(await printed(aPolicyOfYourOwn)).toEqual(['team:night: night']))

it('a projection of the host is kept beside ours', async () =>
  expect(await printed(yourOwnProjection)).toEqual(['1 in, 1 out']))

it('D-02 looking back tells why, and what was shown', async () =>
  expect(await printed(lookingBack)).toEqual([
    'it is not there',
    'entered by MessageReceived of contact hasinbound:yes',
    'left by Assigned of user:ada assignee:none',
    'assignee:none, but user:bea',
    'status:open, but closed',
    '[{"subject":"Hello","status":"open","owner":null}]',
  ]))

it('K-11 K-12 mail is assigned to who is at work', async () =>
  expect(await printed(routingWithWorkingHours)).toEqual([
    '08:30: 0 unassigned',
    '19:00: 1 unassigned',
  ]))
