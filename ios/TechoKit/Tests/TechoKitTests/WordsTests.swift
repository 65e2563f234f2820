import Testing

@testable import TechoKit

@Test func nothing() { #expect(Words(.japanese)(.appName) == "手帳") }
