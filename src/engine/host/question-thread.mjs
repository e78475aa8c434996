/** Where the thread of the gate's questions begins. */
import { useCodeCache } from './code-cache.mjs'

useCodeCache()
const { serveQuestions } = await import('./serve-questions.ts')
serveQuestions()
