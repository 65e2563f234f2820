// Relay and stand-in of Mynaportal, in the program `techo-town`: one line of JSON in, one out. It ends with its input.
import Dispatch
import Foundation
import Synchronization

enum TownFault: Error, CustomStringConvertible {
    case missing(String)
    case said(String)

    var description: String {
        switch self {
        case .missing(let path): "no town at \(path): cargo build --release -p techo-portal-standin --bin techo-town"
        case .said(let text): "the town says: \(text)"
        }
    }
}

final class Town: Sendable {
    /// The relay's profile, as TOML.
    let profile: String

    private struct Line: Codable {
        var profile: String?
        var visit: String?
        var citizen: String?
        var back: String?
        var error: String?
    }

    private let process = Mutex<Process?>(nil)
    private let input: FileHandle
    private let output: FileHandle
    private let queue = DispatchQueue(label: "town")

    init() throws {
        let program = Checkout.root.appendingPathComponent("target/release/techo-town")
        guard FileManager.default.isExecutableFile(atPath: program.path) else { throw TownFault.missing(program.path) }
        let (toTown, fromTown) = (Pipe(), Pipe())
        let started = Process()
        started.executableURL = program
        (started.standardInput, started.standardOutput) = (toTown, fromTown)
        try started.run()
        (input, output) = (toTown.fileHandleForWriting, fromTown.fileHandleForReading)
        guard let path = try Self.read(output).profile else { throw TownFault.said("no profile") }
        profile = try String(contentsOfFile: path, encoding: .utf8)
        process.withLock { $0 = started }
    }

    deinit {
        try? input.close()
        process.withLock { $0?.waitUntilExit() }
    }

    /// Plays a citizen in the browser. Gives the address it comes back to.
    func visit(_ address: URL, as citizen: String) async throws -> URL {
        let order = try JSONEncoder().encode(Line(visit: address.absoluteString, citizen: citizen)) + Data("\n".utf8)
        let (input, output) = (input, output)
        let answer: Line = try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        try input.write(contentsOf: order)
                        return try Self.read(output)
                    })
            }
        }
        guard let back = answer.back.flatMap(URL.init(string:)) else { throw TownFault.said(answer.error ?? "nothing") }
        return back
    }

    private static func read(_ output: FileHandle) throws -> Line {
        var bytes = Data()
        while let byte = try output.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) { bytes += byte }
        let line = try JSONDecoder().decode(Line.self, from: bytes)
        if let error = line.error { throw TownFault.said(error) }
        return line
    }
}
