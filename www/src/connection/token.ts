/** What a Hatchet token says about itself. The server alone judges whether it is genuine. */

export interface TokenClaims {
  tenantId: string | undefined;
  serverUrl: string | undefined;
  /** Epoch milliseconds. */
  expiresAt: number | undefined;
}

/** The claims of a JWT, or undefined where the text is none. */
export function readClaims(token: string): TokenClaims | undefined {
  const parts = token.trim().split(".");
  if (parts.length !== 3 || !parts[1]) return undefined;
  try {
    const base64 = parts[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof claims !== "object" || claims === null) return undefined;
    const { sub, server_url, exp } = claims as Record<string, unknown>;
    return {
      tenantId: typeof sub === "string" && sub ? sub : undefined,
      serverUrl: typeof server_url === "string" && server_url ? server_url : undefined,
      expiresAt: typeof exp === "number" && Number.isFinite(exp) ? exp * 1000 : undefined,
    };
  } catch {
    return undefined;
  }
}
