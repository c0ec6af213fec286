/** Ends a call early with the service's error body (SLDN "exceptions"); `code` is left out where the service does. */
export class IbmError extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, text: string, code: string | null = "SoftLayer_Exception_Public") {
    super(text);
    this.status = status;
    this.code = code;
  }
}

/** The same for what is not there and for what is somebody else's. */
export function notFound(id: unknown): IbmError {
  return new IbmError(404, `Unable to find object with id of '${id}'.`, "SoftLayer_Exception_ObjectNotFound");
}

export function unknownMethod(method: string): IbmError {
  return new IbmError(500, `Function ("${method}") is not a valid method for this service.`);
}
