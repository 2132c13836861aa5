/** Where a message came from, beyond its channel (S-047). */
import { sealed } from '@threadbook/sourcing'
import * as t from 'io-ts'
import { sealing, struct } from '../request.js'

const FormField = struct('FormField', { name: t.string, value: t.string }, { label: t.string })

/** What of a source may identify somebody: sealed as one. */
export const SourceDetails = struct(
  'SourceDetails',
  {},
  {
    /** The page of the site that the widget or the form was on. */
    pageUrl: t.string,
    pageTitle: t.string,
    /** As submitted, in the form's order. */
    fields: t.readonlyArray(FormField),
    /** The number of whoever called or was called. */
    number: t.string,
  },
)
export type SourceDetails = t.TypeOf<typeof SourceDetails>

const plain = {
  /** The host's name of the widget, page, form, or line. */
  origin: t.string,
  /** A form's or widget's title, as the team named it. */
  originName: t.string,
  direction: t.keyof({ incoming: null, outgoing: null }),
  outcome: t.keyof({ answered: null, missed: null, voicemail: null, declined: null }),
  durationSeconds: t.number,
  /** The blob among the attachments that is a call's recording. */
  recording: t.string,
}

export const Source = t.partial({ ...plain, details: sealed<SourceDetails>() }, 'Source')
export type Source = t.TypeOf<typeof Source>

export const SourceToSeal = struct('Source', {}, { ...plain, details: sealing(SourceDetails) })
export type SourceToSeal = t.TypeOf<typeof SourceToSeal>
