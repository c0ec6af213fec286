/** How long the reason may be for which a private key is exported, in characters. */
export const exportReasonLength = { min: 3, max: 500 } as const;
