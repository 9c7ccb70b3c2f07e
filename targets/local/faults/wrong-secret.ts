/** A URL with a password gets another one; every other value stays as it is. */
export function wrongPassword(value: string): string {
  if (!URL.canParse(value)) return value;
  const url = new URL(value);
  if (url.password === "") return value;
  url.password = "wrong";
  return url.toString();
}
