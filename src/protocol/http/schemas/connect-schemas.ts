/** The connect kit of a client, as the API describes it. */
import { Type } from 'typebox'
import { component } from '../component.ts'

export const CONNECT_KIT = component(
  'ConnectKit',
  Type.Object({
    server: Type.Object({
      host: Type.String(),
      port: Type.Integer(),
      database: Type.String(),
      user: Type.String(),
      sslMode: Type.String(),
      caFileUrl: Type.Optional(
        Type.String({ description: 'Left out where systems trust the certificate anyway.' }),
      ),
      httpsUrl: Type.Optional(Type.String()),
    }),
    snippets: Type.Array(
      Type.Object({
        tool: Type.String(),
        title: Type.String(),
        language: Type.String(),
        text: Type.String({ description: 'With {{token}} where the access token goes.' }),
        fileName: Type.Optional(Type.String()),
      }),
    ),
  }),
)
