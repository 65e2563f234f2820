// names SYMBOL-GRAPH FILE…: whether the names that views use are public in TechoKit. Says how many it looked up, because
// a check that follows nothing finds nothing.
import Foundation

let arguments = CommandLine.arguments.dropFirst()
guard let graph = arguments.first, arguments.count > 1 else {
    print("use: names SYMBOL-GRAPH FILE…")
    exit(2)
}
do {
    let symbols = try Symbols(graph: URL(fileURLWithPath: graph))
    var problems: [String] = []
    var found = 0
    for path in arguments.dropFirst() {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let views = Views(text, file: path, symbols: symbols)
        problems += views.problems
        found += views.found
        // A screen that shows nothing of TechoKit is one that could not be followed.
        if views.found == 0, path.hasSuffix("Screen.swift") || path.hasSuffix("Screens.swift") {
            problems.append("\(path):1: no name of TechoKit could be followed here")
        }
    }
    for problem in problems { print(problem) }
    print("\(found) names found, \(problems.count) not")
    exit(problems.isEmpty && found > 0 ? 0 : 1)
} catch {
    print("the symbol graph or a file cannot be read: \(error)")
    exit(2)
}
