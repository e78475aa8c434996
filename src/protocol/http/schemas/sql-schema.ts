/** The answer to SQL, as the API describes it. */
import { Type } from 'typebox'
import { component } from '../component.ts'
import { PROBLEM } from './problem-schema.ts'

export const SQL_LINE = component(
  'SqlLine',
  Type.Union([
    Type.Object({
      columns: Type.Union([
        Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
        Type.Null(),
      ]),
    }),
    Type.Array(Type.Unknown(), { description: 'One row.' }),
    Type.Object({
      end: Type.Object({
        tag: Type.String({ description: 'Such as SELECT 3.' }),
        rows: Type.Integer(),
        notices: Type.Array(
          Type.Object({ severity: Type.String(), code: Type.String(), message: Type.String() }),
        ),
      }),
    }),
    Type.Object({ error: PROBLEM.ref }),
  ]),
)
