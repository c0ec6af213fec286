import { describe, expect, it } from "vitest";
import { never } from "../../conformance/world.ts";
import { all, orderOf, provider, serve, version } from "./service.test-world.ts";

describe("the pages of Azure's list", () => {
  it("follows a list's links by what leads on, also after a restart", async () => {
    const list = `/subscriptions/s/${provider}`;
    const { authority, seen, origin } = await serve((line) =>
      line.includes("skipToken")
        ? { status: 200, body: { value: [orderOf("two")], nextLink: null } }
        : {
            status: 200,
            body: {
              value: [orderOf("one")],
              nextLink: `${origin}${list.toUpperCase()}?${version}&$skipToken=a%2Bb`,
            },
          },
    );
    const first = await authority.listOrders(all, never);
    const second = await authority.listOrders({ cursor: first.next, changedSince: null }, never);
    expect([...first.orders, ...second.orders].map((order) => order.caOrderId)).toEqual([
      "group/one",
      "group/two",
    ]);
    expect([second.next, second.total]).toEqual([null, null]);
    expect(seen.map(({ line }) => line)).toEqual([
      `GET ${list}?${version}`,
      `GET ${list}?$skipToken=a+b&${version}`,
    ]);
  });

  it("never calls where a link leads elsewhere, back, or nowhere, and takes no such list for a whole one", async () => {
    const elsewhere = await serve(() => ({ status: 200, body: { value: [] } }));
    const own = `/subscriptions/s/${provider}`;
    let nextLink: unknown;
    const { authority, seen, origin } = await serve(() => ({ status: 200, body: { value: [], nextLink } }));
    const { host } = new URL(origin);
    const links = [
      `${elsewhere.origin}${own}?$skipToken=1`,
      `${origin}/subscriptions/other/${provider}?$skipToken=1`,
      `https://${host}${own}?$skipToken=1`,
      `http://user:word@${host}${own}?$skipToken=1`,
      `//${host}${own}?$skipToken=1`,
      `${origin}${own}?${version}`,
      "not a link",
      7,
    ];
    for (const link of links) {
      nextLink = link;
      const listed = authority.listOrders(all, never);
      await expect(listed).rejects.toMatchObject({ kind: "unexpected-response" });
    }
    expect([elsewhere.seen, elsewhere.signIns, seen.length]).toEqual([[], [], links.length]);
    nextLink = "";
    expect((await authority.listOrders(all, never)).next).toBeNull();
  });
});
