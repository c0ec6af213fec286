export const mailPackages: readonly string[];
export function whyNoMailServer(): string | null;
