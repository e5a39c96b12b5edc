import { S3ControlClient, type S3ControlClientConfig } from '@aws-sdk/client-s3-control';

/**
 * S3 Control, at AWS as the SDK finds it: every account has a host of its own there
 * (`123456789012.s3-control.eu-central-1.amazonaws.com`), in each partition. The SDK puts the account before any other
 * address, too, and `123456789012.127.0.0.1` is none. So whoever stands in for AWS is asked at its own address; which
 * account is meant, a header says in any case.
 */
export class AddressedS3Control extends S3ControlClient {
  constructor(config: S3ControlClientConfig) {
    super(config);
    const atAws = this.config.endpointProvider;
    this.config.endpointProvider = (parameters, context) =>
      parameters.Endpoint === undefined ? atAws(parameters, context) : { url: new URL(parameters.Endpoint) };
  }
}
