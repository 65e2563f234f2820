// The same stories that the terminal and the Android shell play, with the iOS shell's view models and the real library.
import Foundation
import Testing

@testable import TechoKit

// One after the other: each opens vaults whose keys are derived slowly on purpose.
@Suite(.serialized) struct ScenarioTests {
    @Test func thereAreScenariosAndAllAreWrittenForUs() throws {
        #expect(Scenario.names.count > 10)
        for name in Scenario.names { #expect(try Scenario.named(name).name == name) }
    }

    @Test(arguments: Scenario.names) @MainActor
    func theScenarioIsPlayed(_ name: String) async throws {
        do {
            let scenario = try Scenario.named(name)
            let player = try await Player(scenario)
            defer { player.end() }
            try await player.play(scenario)
            try await Results.swift.note(name, "passed")
        } catch {
            try await Results.swift.note(name, "\(error)")
            Issue.record("\(name): \(error)")
        }
    }
}
