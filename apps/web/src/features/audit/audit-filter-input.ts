import { auditActs } from "@sealpost/domain/policy";
import { isMaterial } from "@/features/shell/is-material";

const outcomes = ["done", "refused"] as const;

/** What the log is asked for, from the URL. Days are those of the person's own clock, `to` included. */
export function readFilters(params: URLSearchParams) {
  const subject = params.get("subject") ?? "";
  return {
    actorId: params.get("person"),
    act: auditActs.find((act) => act === params.get("act")) ?? null,
    outcome: outcomes.find((outcome) => outcome === params.get("outcome")) ?? null,
    subject: isMaterial(subject) ? "" : subject,
    from: startOfDay(params.get("from"), 0),
    before: startOfDay(params.get("to"), 1),
  };
}

/** As text: what the query cache compares, and what the server reads. */
function startOfDay(text: string | null, daysLater: number): string | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "") ?? [];
  if (!year) return null;
  const start = new Date(Number(year), Number(month) - 1, Number(day) + daysLater);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}
