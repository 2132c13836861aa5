/** Local parts that stand for a role and not for a person (K-01). */
export const roleBasedLocalParts: readonly string[] = (
  'abuse admin alert billing compliance devnull dns finance ftp hostmaster info infrastructure ' +
  'inoc ispfeedback ispsupport it list list-request maildaemon mailer-daemon marketing no-reply ' +
  'noc noreply null phish phishing postmaster privacy registrar root sales security spam support ' +
  'sysadmin tech undisclosed-recipients unsubscribe usenet uucp webmaster www'
).split(' ')
