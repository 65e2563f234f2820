// Files on their way out: in a folder of the app's own, protected by the device's lock, and gone as soon as they are
// handed over. What is left after a crash is removed at the next start.
import Foundation
import TechoCore

enum Outbox {
    /// An address for a new file called `name`; each in a folder of its own, so that no name meets another.
    static func fresh(_ name: String, in outbox: URL) throws -> URL {
        let folder = outbox.appendingPathComponent(UUID().uuidString, isDirectory: true)
        try makeFolder(folder)
        return folder.appendingPathComponent(name)
    }

    static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw fault(error)
        }
    }

    static func write(_ bytes: Data, to file: URL) throws {
        #if os(iOS)
            let options: Data.WritingOptions = [.atomic, .completeFileProtection]
        #else
            let options: Data.WritingOptions = [.atomic]
        #endif
        do {
            try bytes.write(to: file, options: options)
        } catch {
            throw fault(error)
        }
    }

    static func remove(_ file: URL) {
        try? FileManager.default.removeItem(at: file.deletingLastPathComponent())
    }

    /// A full device is said as such; everything else is a place that cannot be used.
    private static func fault(_ error: any Error) -> TechoError {
        (error as? CocoaError)?.code == .fileWriteOutOfSpace ? .NoSpace : .FileUnusable
    }
}
