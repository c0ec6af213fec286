"use client";

import { useEffect, useState } from "react";
import { onDemand } from "@/components/on-demand";
import { answerStepUpBy, type SignInReason } from "./step-up";

const { Part: StepUpDialog } = onDemand(async () => (await import("./step-up-dialog")).StepUpDialog);

interface Question {
  readonly reason: SignInReason;
  readonly answer: (isDone: boolean) => void;
}

/** Waits until an act wants a recent sign-in, or the session has ended, and asks for it then. */
export function StepUpAsker() {
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(() => answerStepUpBy((reason) => new Promise((answer) => setQuestion({ reason, answer }))), []);
  const finish = (isDone: boolean) => {
    setQuestion(null);
    question?.answer(isDone);
  };
  return question && <StepUpDialog reason={question.reason} onAnswer={finish} />;
}
