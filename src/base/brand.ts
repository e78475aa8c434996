/** A type that only its own parser can make: the value passed a check, and the type says so. */
declare const brand: unique symbol

export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
