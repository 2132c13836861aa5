/** The text in a hidden message's place (S-094). */
export const hiddenText = 'The message is hidden'

/** What stands in its place, whatever was hidden (D-10). */
export interface Hiding {
  readonly text: typeof hiddenText
  /** Super admins always, and whoever hid it as long as they are there (S-096). */
  readonly unhiddenBy: { readonly superAdmins: true; readonly user: string | null }
  readonly viewerMayUnhide: boolean
}
