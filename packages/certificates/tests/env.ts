/** The folder with mails and archives from elsewhere; null where nobody has laid it out. */
export const corpora: string | null = process.env.SEALPOST_CORPORA || null;
