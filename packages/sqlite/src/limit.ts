/**
 * A bound limit. With a plain `LIMIT ?` SQLite plans the statement anew for every value: five times
 * the cost of a small query.
 */
export const LIMIT = 'LIMIT ? + 0'
