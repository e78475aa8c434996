/** The words for permissions, as GRANT spells them. Source: BLUE SQL, GRANT. */
export const PERMISSIONS = [
  'SUPERUSER',
  'CONNECT',
  'CREATE',
  'CREATE FUNCTION',
  'CREATE JOB',
  'USAGE',
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'DDL',
  'EXECUTE',
] as const

export type Permission = (typeof PERMISSIONS)[number]
