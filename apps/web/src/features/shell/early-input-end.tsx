"use client";

import { useEffect } from "react";

/** Drawn beside the script that keeps early input: tells it when the page has taken over, all parts of it. */
export function EarlyInputEnd() {
  useEffect(() => {
    const end = () => {
      // What comes behind the rest says so until it has been taken over too.
      if (document.querySelector("main [aria-busy=true]")) return;
      observer.disconnect();
      document.dispatchEvent(new Event("sealpost:awake"));
    };
    const observer = new MutationObserver(end);
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ["aria-busy"] });
    // React takes no event while it is committing.
    const timer = setTimeout(end);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, []);
  return null;
}
