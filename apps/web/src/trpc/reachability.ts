"use client";

/** Since when the server has not answered, and whether this computer is offline. Null: it answers, as far as is known. */
export interface Silence {
  readonly since: Date;
  readonly isOffline: boolean;
}

const everyMs = 3000;
const patienceMs = 5000;

let silence: Silence | null = null;
let isLooking = false;
let isOutdated = false;
const listeners = new Set<() => void>();

export function readSilence(): Silence | null {
  return silence;
}

/** Whether the server has been upgraded since this page was loaded: parts of it that were not fetched yet are gone. */
export function readOutdated(): boolean {
  return isOutdated;
}

/** Tells when either changes; hears of the network by itself. Returns how to stop. */
export function listenForSilence(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("offline", noteOffline);
  window.addEventListener("online", noteSilence);
  if (!navigator.onLine) noteOffline();
  return () => {
    listeners.delete(listener);
    window.removeEventListener("offline", noteOffline);
    window.removeEventListener("online", noteSilence);
  };
}

/** A call was not answered, or a line broke: looks whether anything is, until it is. */
export function noteSilence(): void {
  if (isLooking) return;
  isLooking = true;
  void look(new Date());
}

/**
 * Fetches a part of the page. Where it cannot be had twice although the server answers, it is of an earlier build than the
 * one that answers now: it never comes, and the page says so.
 */
export async function fetchPart<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    noteSilence();
    if (!(await isAnswered())) throw error;
  }
  try {
    return await load();
  } catch (error) {
    if (await isAnswered()) noteOutdated();
    throw error;
  }
}

function noteOutdated(): void {
  isOutdated = true;
  tellAll();
}

function noteOffline(): void {
  tell({ since: silence?.since ?? new Date(), isOffline: true });
  noteSilence();
}

async function look(since: Date): Promise<void> {
  if (await isAnswered()) {
    isLooking = false;
    return tell(null);
  }
  tell({ since: silence?.since ?? since, isOffline: !navigator.onLine });
  setTimeout(() => void look(since), everyMs);
}

async function isAnswered(): Promise<boolean> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(patienceMs) });
    return answer.ok;
  } catch {
    return false;
  }
}

function tell(next: Silence | null): void {
  if (next === silence) return;
  silence = next;
  tellAll();
}

function tellAll(): void {
  for (const listener of listeners) listener();
}
