/** Whether every image is where its new side will look for it. */
import type { Problem } from "../../../../../platform/model/types.ts";
import type { Form } from "../../../../stack.ts";
import type { Images, Report } from "../ports.ts";

/** One problem for each image that the registry lacks. What the stack builds itself is not there before its update. */
export async function imageProblems(form: Form, images: Images, report: Report): Promise<readonly Problem[]> {
  const byImage = new Map(Object.values(form.behaviours).map(({ name, image }) => [image, name]));
  const references = [...byImage.keys()].filter((reference) => !reference.includes("${")).sort();
  const missing = await images.missing(references);
  report(`images: ${references.length - missing.length} of ${references.length} are where they will be looked for`);
  return missing.map((reference) => ({
    code: "image-missing",
    path: `services.${byImage.get(reference) ?? ""}.image`,
    found: `no ${reference} in the registry`,
    allowed: "an image that was pushed: the release workflow does it",
  }));
}
