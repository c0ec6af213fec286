import type { OrderRowView } from "@sealpost/api/client";
import { describe, expect, it } from "vitest";
import { freshRows, steadyRows } from "./steady-rows";

const row = (orderId: string, attention = "needs-action", about: Partial<OrderRowView> = {}) =>
  ({ orderId, attention, ...about }) as OrderRowView;
const ids = ({ rows }: { rows: readonly OrderRowView[] }) => rows.map(({ orderId }) => orderId).join("");
const held = { isHeld: true, isMore: false };
const three = freshRows([row("a"), row("b"), row("c")]);

describe("rows somebody is at", () => {
  it("stay in their places with what is told of them now, and the ones that would move are counted", () => {
    const fresh = [row("b"), row("c"), row("a", "nothing-to-do", { vendorStatus: "Done" })];
    const steady = steadyRows(three, fresh, held);
    expect(ids(steady)).toBe("abc");
    expect(steady.rows[0]?.vendorStatus).toBe("Done");
    expect(steady.groups.get("a")).toBe("needs-action");
    expect(steady.waiting).toBe(3);
  });

  it("are joined by none from above, and lose none", () => {
    const come = steadyRows(three, [row("x"), row("a"), row("b"), row("c")], held);
    expect(ids(come)).toBe("abc");
    expect(come.waiting).toBeGreaterThan(0);
    const gone = steadyRows(three, [row("a"), row("c")], held);
    expect(ids(gone)).toBe("abc");
    expect(gone.waiting).toBeGreaterThan(0);
  });

  it("count one that only changed its group", () => {
    expect(steadyRows(three, [row("a", "with-the-ca"), row("b"), row("c")], held).waiting).toBe(1);
  });

  it("are followed by more when more is asked for", () => {
    const more = steadyRows(three, [row("a"), row("b"), row("c"), row("d"), row("e")], {
      isHeld: true,
      isMore: true,
    });
    expect(ids(more)).toBe("abcde");
    expect(more.waiting).toBe(0);
  });

  it("say nothing when nothing moved", () => {
    expect(steadyRows(three, [row("a"), row("b"), row("c")], held).waiting).toBe(0);
  });
});

it("rows nobody is at take the new order at once", () => {
  const steady = steadyRows(three, [row("x"), row("c"), row("a")], { isHeld: false, isMore: false });
  expect(ids(steady)).toBe("xca");
  expect(steady.waiting).toBe(0);
});
