/** Recognises what should never stand in plain settings. Errs towards refusing: a false alarm costs a binding. */

const NAME = /(^|_)(PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)(_|$)/;
/** Names that end so hold where a secret is, not the secret. */
const POINTER = /_(URL|PATH|FILE|ARN|NAME|SECONDS|MINUTES)$/;

const VALUES: readonly RegExp[] = [
  /** A URL with a password inside. */
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i,
  /** AWS access key ids. @source IAM user guide, "unique identifiers" */
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /** JSON Web Tokens. */
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/,
  /** GitHub, Slack and Stripe keys. */
  /\b(gh[pousr]_[A-Za-z0-9]{30,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{10,})/,
];

/** True when the name says so or the value has a known secret's form. */
export function looksLikeSecret(name: string, value: string): boolean {
  if (value === "") return false;
  if (NAME.test(name.toUpperCase()) && !POINTER.test(name.toUpperCase())) return true;
  return VALUES.some((pattern) => pattern.test(value));
}
