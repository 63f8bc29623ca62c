/**
 * How a class tells `console.log` what to print for its objects, in Node, Bun and Deno, without importing `node:util`.
 *
 * The method is defined here and not written in the class, because `isolatedDeclarations` accepts no computed name
 * but the well-known symbols, and so that it is as hidden from a `for in` as any method.
 */

const inspectCustom = Symbol.for('nodejs.util.inspect.custom')

/**
 * Makes the objects of a class print as text. To be called in the class's static block:
 * `static { printsAs(this, (address) => address.toString()) }`.
 */
export function printsAs<Instance extends object>(
  constructor: { readonly prototype: Instance },
  print: (instance: Instance) => string,
): void {
  Object.defineProperty(constructor.prototype, inspectCustom, {
    value(this: Instance): string {
      return print(this)
    },
    writable: true,
    configurable: true,
  })
}
