// Values that stay blurred until they are touched, on every screen with health values, by the person's choice.
import Observation

@MainActor @Observable public final class Veil {
    public internal(set) var isOn = true
    private var lifted: Set<String> = []

    /// Whether the value of this record is hidden now.
    public func hides(_ id: String) -> Bool { isOn && !lifted.contains(id) }

    public func lift(_ id: String) { lifted.insert(id) }

    /// Hides everything again: when a screen is left, and at every lock.
    public func draw() { lifted.removeAll() }
}
