#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Compiled code is kept in the temporary folder: most of the time of one inspection would be compiling. This file is no
// TypeScript, because what takes the types away is only loaded for a file that is not kept yet.
enableCompileCache();
await import("./main.ts");
