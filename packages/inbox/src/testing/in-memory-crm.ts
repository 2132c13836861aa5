/** A CRM in memory, for tests and examples: it does what it is told, once for each key. */
import type {
  Crm,
  CrmChange,
  CrmContact,
  CrmRecord,
  CrmRefusal,
  LoggedMessage,
  Property,
  RecordReference,
} from '@threadbook/core'
import type { Unavailable } from '@threadbook/sourcing'
import * as E from 'fp-ts/lib/Either.js'

export interface InMemoryCrm extends Crm {
  /** What it was asked for and has done, in that order, each key once. */
  readonly done: readonly { readonly key: string; readonly change: CrmChange }[]
  /** Tells it of a contact; what is left out stays. */
  readonly know: (account: string, contact: string, about: Partial<CrmContact>) => void
  readonly record: (account: string, reference: RecordReference) => CrmRecord | undefined
  /** The latest first. */
  readonly timeline: (account: string, of: RecordReference) => readonly LoggedMessage[]
  /** How it answers from now on: not at all, with a refusal of such changes, or as usual. */
  readonly behave: (
    as:
      'asUsual' | 'unavailable' | { readonly refuses: CrmChange['type']; readonly because: string },
  ) => void
}

type Answer = E.Either<Unavailable | CrmRefusal, string | undefined>

interface Logged {
  readonly message: LoggedMessage
  readonly records: readonly RecordReference[]
}

interface Tenant {
  readonly contacts: Map<string, CrmContact>
  readonly records: Map<string, CrmRecord>
  readonly logged: Map<string, Logged>
  readonly answers: Map<string, Answer>
  /** Keys of tickets that are to come to nothing. */
  readonly withdrawn: Set<string>
}

const nobody: CrmContact = {
  properties: [],
  tickets: [],
  deals: [],
  customObjects: [],
  feedback: [],
}
const nameOf = ({ type, id }: RecordReference): string => `${type}/${id}`
const unavailable: Unavailable = { type: 'Unavailable', reason: 'the CRM is away' }

const merged = (old: readonly Property[], changed: readonly Property[]): readonly Property[] => {
  const values = new Map(old.map(({ name, value }) => [name, value]))
  for (const { name, value } of changed) values.set(name, value)
  return [...values].map(([name, value]) => ({ name, value }))
}

export const inMemoryCrm = (): InMemoryCrm => {
  const tenants = new Map<string, Tenant>()
  const done: { key: string; change: CrmChange }[] = []
  let behaviour: Parameters<InMemoryCrm['behave']>[0] = 'asUsual'
  let made = 0

  const tenantOf = (account: string): Tenant => {
    const known = tenants.get(account) ?? {
      contacts: new Map<string, CrmContact>(),
      records: new Map<string, CrmRecord>(),
      logged: new Map<string, Logged>(),
      answers: new Map<string, Answer>(),
      withdrawn: new Set<string>(),
    }
    tenants.set(account, known)
    return known
  }

  const know = (tenant: Tenant, contact: string, about: Partial<CrmContact>): void => {
    const known = { ...(tenant.contacts.get(contact) ?? nobody), ...about }
    tenant.contacts.set(contact, known)
    const its = [...known.tickets, ...known.deals, ...known.customObjects]
    for (const record of known.company === undefined ? its : [...its, known.company])
      tenant.records.set(nameOf(record), record)
  }

  /** The record as it is now, wherever it hangs. */
  const put = ({ contacts, records }: Tenant, record: CrmRecord): void => {
    records.set(nameOf(record), record)
    const current = (each: CrmRecord) => (nameOf(each) === nameOf(record) ? record : each)
    for (const [contact, known] of contacts)
      contacts.set(contact, {
        ...known,
        tickets: known.tickets.map(current),
        deals: known.deals.map(current),
      })
  }

  const create = (
    tenant: Tenant,
    change: Extract<CrmChange, { type: 'createTicket' | 'createDeal' }>,
  ): string => {
    const type = change.type === 'createTicket' ? 'ticket' : 'deal'
    const { name, properties, contact } = change
    const record: CrmRecord = {
      type,
      id: `${type}-${String(++made)}`,
      name,
      properties,
      status: 'open',
    }
    put(tenant, record)
    if (contact !== undefined) {
      const { tickets, deals } = tenant.contacts.get(contact) ?? nobody
      know(
        tenant,
        contact,
        type === 'ticket' ? { tickets: [...tickets, record] } : { deals: [...deals, record] },
      )
    }
    return record.id
  }

  const destroy = (tenant: Tenant, id: string): void => {
    tenant.records.delete(nameOf({ type: 'ticket', id }))
    for (const [contact, known] of tenant.contacts)
      tenant.contacts.set(contact, {
        ...known,
        tickets: known.tickets.filter((each) => each.id !== id),
      })
  }

  const changeProperties = (
    tenant: Tenant,
    { of, properties }: Extract<CrmChange, { type: 'changeProperties' }>,
  ): void => {
    if (of.type === 'contact') {
      const known = tenant.contacts.get(of.id) ?? nobody
      know(tenant, of.id, { properties: merged(known.properties, properties) })
      return
    }
    const record = tenant.records.get(nameOf(of))
    if (record !== undefined)
      put(tenant, { ...record, properties: merged(record.properties, properties) })
  }

  const log = (tenant: Tenant, { message, records }: Extract<CrmChange, { type: 'log' }>): void => {
    const name = `${message.conversation}/${message.message}`
    const known = tenant.logged.get(name)
    if (records.length === 0) tenant.logged.delete(name)
    else
      tenant.logged.set(name, {
        message: { ...known?.message, ...message } as LoggedMessage,
        records,
      })
  }

  const mergeContacts = (tenant: Tenant, contact: string, into: string): void => {
    const source = tenant.contacts.get(contact) ?? nobody
    const target = tenant.contacts.get(into) ?? nobody
    know(tenant, into, {
      properties: merged(source.properties, target.properties),
      tickets: [...target.tickets, ...source.tickets],
      deals: [...target.deals, ...source.deals],
      customObjects: [...target.customObjects, ...source.customObjects],
      feedback: [...target.feedback, ...source.feedback],
    })
    tenant.contacts.delete(contact)
  }

  const carryOut = (tenant: Tenant, change: CrmChange): string | undefined => {
    switch (change.type) {
      case 'createTicket':
      case 'createDeal':
        return create(tenant, change)
      case 'closeTicket': {
        const record = tenant.records.get(nameOf({ type: 'ticket', id: change.ticket }))
        if (record !== undefined) put(tenant, { ...record, status: 'closed' })
        return undefined
      }
      case 'deleteTicket': {
        if (change.key !== undefined) tenant.withdrawn.add(change.key)
        const answered = change.key === undefined ? undefined : tenant.answers.get(change.key)
        const id = change.ticket ?? (answered && E.isRight(answered) ? answered.right : undefined)
        if (id !== undefined) destroy(tenant, id)
        return undefined
      }
      case 'moveTicket':
        return undefined
      case 'changeProperties':
        changeProperties(tenant, change)
        return undefined
      case 'log':
        log(tenant, change)
        return undefined
      case 'unlog':
        for (const [name, { message }] of tenant.logged)
          if (message.conversation === change.conversation) tenant.logged.delete(name)
        return undefined
      case 'mergeContacts':
        mergeContacts(tenant, change.contact, change.into)
        return undefined
    }
  }

  const answerTo = (tenant: Tenant, change: CrmChange, key: string): Answer => {
    if (typeof behaviour === 'object' && behaviour.refuses === change.type)
      return E.left({ type: 'CrmRefusal', reason: behaviour.because })
    if (tenant.withdrawn.has(key))
      return E.left({ type: 'CrmRefusal', reason: 'it was withdrawn before it was there' })
    done.push({ key, change })
    return E.right(carryOut(tenant, change))
  }

  const reached = <A>(read: () => A) =>
    Promise.resolve(behaviour === 'unavailable' ? E.left(unavailable) : E.right(read()))

  const companyOf = (tenant: Tenant, records: readonly RecordReference[]): readonly string[] =>
    records.flatMap(({ type, id }) => {
      const company = type === 'contact' ? tenant.contacts.get(id)?.company : undefined
      return company === undefined ? [] : [nameOf(company)]
    })

  return {
    done,
    change: (account, change, key) => () => {
      if (behaviour === 'unavailable') return Promise.resolve(E.left(unavailable))
      const tenant = tenantOf(account)
      const answer = tenant.answers.get(key) ?? answerTo(tenant, change, key)
      // What was refused may be asked again.
      if (E.isRight(answer)) tenant.answers.set(key, answer)
      return Promise.resolve(answer)
    },
    contact: (account, contact) => () => reached(() => tenantOf(account).contacts.get(contact)),
    records: (account, records) => () =>
      reached(() => records.map((each) => tenantOf(account).records.get(nameOf(each)))),
    know: (account, contact, about) => {
      know(tenantOf(account), contact, about)
    },
    record: (account, reference) => tenantOf(account).records.get(nameOf(reference)),
    timeline: (account, of) => {
      const tenant = tenantOf(account)
      return [...tenant.logged.values()]
        .filter(({ records }) =>
          [...records.map(nameOf), ...companyOf(tenant, records)].includes(nameOf(of)),
        )
        .map(({ message }) => message)
        .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    },
    behave: (as) => {
      behaviour = as
    },
  }
}
