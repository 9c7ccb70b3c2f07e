/** What each path takes. Messages never quote what was sent. */
import { z } from "zod";

import { readEmail } from "./email.ts";
import { LONGEST, normalise, weakness } from "./password-rules.ts";
import { REFRESH_TOKEN } from "./refresh-token.ts";

/** Longer than any address, shorter than what would be work to read. */
const EMAIL_TEXT = 320;

const email = z
  .string("must be an e-mail address")
  .max(EMAIL_TEXT, "must be an e-mail address")
  .transform((text, context) => {
    const read = readEmail(text);
    if (read) return read;
    context.addIssue({ code: "custom", message: "must be an e-mail address" });
    return z.NEVER;
  });

/** UTF-16 units: twice the characters that a password may have. What normalising makes of them is judged after it. */
const password = z
  .string("must be text")
  .min(1, "must not be empty")
  .max(LONGEST * 2, `must be at most ${LONGEST} characters`)
  // Half a surrogate pair is turned into another character on its way to bytes: two passwords would be one.
  .refine((text) => text.isWellFormed(), { error: "must be well-formed text" })
  .transform(normalise);

export const signUp = z.strictObject({ email, password }).superRefine((wanted, context) => {
  const message = weakness(wanted.password, wanted.email.key);
  if (message) context.addIssue({ code: "custom", path: ["password"], message });
});

export const signIn = z.strictObject({
  email,
  // No rules here: whether an older account's password fits today's is not the question.
  password,
  /** `cookie` for browsers, where no script should ever hold it; `body` for everyone else. */
  refreshToken: z.enum(["cookie", "body"], "must be cookie or body").default("body"),
});

/** Without a token in the body the cookie's is meant. */
export const refresh = z.strictObject({
  refreshToken: z.string("must be a refresh token").regex(REFRESH_TOKEN, "must be a refresh token").optional(),
});
