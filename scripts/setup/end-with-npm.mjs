/**
 * Ends this process when npm ends.
 *
 * npm runs a script through a shell and sends signals to that shell, which dies of them without
 * telling the script: `npm start` ended by a supervisor would leave the gateway behind. A process
 * whose parent died gets another parent, and that can be seen.
 */
const POLL_MS = 500

export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, POLL_MS)
  timer.unref()
}
