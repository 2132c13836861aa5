/** What the types of the domain say there is: TypeScript is asked, for at run time types are gone. */
import { dirname, join } from 'node:path'
import ts from 'typescript'

const ROOT = join(__dirname, '../../..')

const open = (file: string) => {
  const path = join(ROOT, file)
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (name) =>
    ts.sys.readFile(name),
  )
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path))
  const program = ts.createProgram([path], { ...options, noEmit: true, composite: false })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)!
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source)!)
    .map((symbol) => [symbol.name, symbol] as const)
  return { checker, source, exported: new Map(exported) }
}

const membersOf = (type: ts.Type): readonly ts.Type[] =>
  type.isUnion() ? type.types : (type.flags & ts.TypeFlags.Never) !== 0 ? [] : [type]

/** The texts that the `type` of a union's members may be. */
const named = (checker: ts.TypeChecker, union: ts.Type): readonly string[] => {
  const names = membersOf(union).flatMap((member) => {
    const property = member.getProperty('type')
    if (property === undefined) return []
    return membersOf(checker.getTypeOfSymbol(property)).flatMap((type) =>
      type.isStringLiteral() ? [type.value] : [],
    )
  })
  return [...new Set(names)].sort()
}

/** Of each kind of stream in the core's list: the types of its commands. */
export const declaredKinds = () => {
  const { checker, exported } = open('packages/core/src/kinds.ts')
  const kinds = checker.getTypeOfSymbol(exported.get('kinds')!)
  return kinds.getProperties().map((property) => {
    const kind = checker.getTypeOfSymbol(property)
    const category = checker.getTypeOfSymbol(kind.getProperty('category')!)
    const [command] = checker.getTypeArguments(category as ts.TypeReference)
    return {
      name: property.name,
      commands: named(checker, command!),
    }
  })
}
