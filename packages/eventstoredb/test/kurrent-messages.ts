/**
 * Makes the small server speak by the newer client's messages: the two clients write theirs to the
 * same global names, so that one process can hold those of one only.
 */
import { jest } from '@jest/globals'

jest.mock('@eventstore/db-client', () => {
  throw new Error('loaded, though another client was passed in')
})
jest.mock('@eventstore/db-client/generated/gossip_grpc_pb.js', () =>
  jest.requireActual(
    '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js',
  ),
)
jest.mock('@eventstore/db-client/generated/gossip_pb.js', () =>
  jest.requireActual('@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js'),
)
jest.mock('@eventstore/db-client/generated/serverfeatures_grpc_pb.js', () =>
  jest.requireActual(
    '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js',
  ),
)
jest.mock('@eventstore/db-client/generated/serverfeatures_pb.js', () =>
  jest.requireActual(
    '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js',
  ),
)
jest.mock('@eventstore/db-client/generated/shared_pb.js', () =>
  jest.requireActual('@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'),
)
jest.mock('@eventstore/db-client/generated/status_pb.js', () =>
  jest.requireActual('@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/status_pb.js'),
)
jest.mock('@eventstore/db-client/generated/streams_grpc_pb.js', () =>
  jest.requireActual(
    '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js',
  ),
)
jest.mock('@eventstore/db-client/generated/streams_pb.js', () =>
  jest.requireActual('@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'),
)
