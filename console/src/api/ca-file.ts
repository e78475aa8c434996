/** The certificate of the gateway's CA: no secret, for whoever connects. */
export const CA_FILE_PATH = '/api/v1/ca.crt'
