/** The start of a bulk operation; what follows is done behind it, one conversation after the other. */
import { bulkOperations, type BulkOperationRefusal } from '@threadbook/core'
import { withIds, type Steps } from './step.js'

export type NoSuchBulkOperation = Extract<
  BulkOperationRefusal,
  { readonly type: 'NoSuchBulkOperation' }
>

export const bulkSteps: Steps<'StartBulkOperation'> = {
  StartBulkOperation: async (request, { transaction, times, newId }) => {
    const bulkOperationId = request.bulkOperationId ?? newId('bulkOperation')
    return withIds({ bulkOperationId })(
      await transaction.decide(bulkOperations, bulkOperationId, {
        ...request,
        bulkOperationId,
        ...times,
      }),
    )
  },
}
