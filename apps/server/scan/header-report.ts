import { entries, pages } from "./attacks.ts";
import { ask, type Target } from "./target.ts";

/** Different in each answer, and telling nothing. */
const passing = new Set(["date", "etag", "x-request-id", "content-length"]);

/** What every kind of answer says in its headers: first what all say alike, then what each says besides. One line each. */
export async function headerReport(target: Target): Promise<readonly string[]> {
  const answers: { readonly path: string; readonly status: number; readonly said: ReadonlySet<string> }[] =
    [];
  for (const path of [...pages, ...entries]) {
    const { status, headers } = await ask(target, { path });
    const said = [...headers].filter(([name]) => !passing.has(name)).map(lineOf);
    answers.push({ path, status, said: new Set(said) });
  }
  const [first] = answers;
  const common = [...(first?.said ?? [])].filter((line) => answers.every(({ said }) => said.has(line)));
  return [
    "Every answer:",
    ...common.map((line) => `  ${line}`),
    ...answers.flatMap(({ path, status, said }) => [
      `${path} (${status}):`,
      ...[...said].filter((line) => !common.includes(line)).map((line) => `  ${line}`),
    ]),
  ];
}

function lineOf([name, value]: readonly [string, string]): string {
  return `${name}: ${value.replace(/nonce(-|=")[\w+/=]+/g, "nonce$1…")}`;
}
