import { customViewRows } from '@threadbook/projection-views'
import type { Rows } from '@threadbook/sourcing'

/** As a projection is handed to adapters, which know no row types. */
export const customViewTable = customViewRows as unknown as Rows
